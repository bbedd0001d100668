provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failures" {
  name = "failures"
}

# expect aws_lambda_function.uploads: neither a dead-letter target nor an on-failure destination: what the bucket
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

# expect aws_lambda_function.mails: the SNS topic orders
resource "aws_iam_role" "mails" {
  name = "mails"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "mails" {
  function_name = "mails"
  role          = aws_iam_role.mails.arn
}

resource "aws_sns_topic_subscription" "mails" {
  topic_arn = "arn:aws:sns:eu-west-1:111122223333:orders"
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mails.arn
}

# expect aws_lambda_function.nightly: the EventBridge rule nightly
# Where results go is not where failures go.
resource "aws_iam_role" "nightly" {
  name = "nightly"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "nightly" {
  function_name = "nightly"
  role          = aws_iam_role.nightly.arn
}

resource "aws_lambda_function_event_invoke_config" "nightly" {
  function_name = aws_lambda_function.nightly.function_name
  destination_config {
    on_success {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = "nightly"
  arn  = aws_lambda_function.nightly.arn
}
