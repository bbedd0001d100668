provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failures" {
  name = "failures"
}

# expect aws_lambda_function.uploads: neither a dead-letter target nor an on-failure destination
# The destination is the alias's, and the bucket calls the function itself.
resource "aws_iam_role" "uploads" {
  name = "uploads"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "uploads" {
  function_name = "uploads"
  role          = aws_iam_role.uploads.arn
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.uploads.function_name
  function_version = aws_lambda_function.uploads.version
}

resource "aws_lambda_function_event_invoke_config" "uploads" {
  function_name = aws_lambda_function.uploads.function_name
  qualifier     = aws_lambda_alias.live.name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "orders-uploads"
  lambda_function {
    lambda_function_arn = aws_lambda_function.uploads.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
