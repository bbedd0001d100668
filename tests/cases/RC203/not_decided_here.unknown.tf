provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "failures" {
  type = list(string)
}

# expect aws_lambda_function.uploads: are not known
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
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "orders-uploads"
  lambda_function {
    lambda_function_arn = aws_lambda_function.uploads.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_function_event_invoke_config" "uploads" {
  function_name = aws_lambda_function.uploads.function_name
  dynamic "destination_config" {
    for_each = var.failures
    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}
