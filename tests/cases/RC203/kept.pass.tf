provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failures" {
  name = "failures"
}

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
  dead_letter_config {
    target_arn = aws_sqs_queue.failures.arn
  }
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "orders-uploads"
  lambda_function {
    lambda_function_arn = aws_lambda_function.uploads.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

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

resource "aws_lambda_function_event_invoke_config" "mails" {
  function_name = aws_lambda_function.mails.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_sns_topic_subscription" "mails" {
  topic_arn = "arn:aws:sns:eu-west-1:111122223333:orders"
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mails.arn
}

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
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = "nightly"
  arn  = aws_lambda_function.nightly.arn
}

# Lambda polls the queue, and waits for the function: no event is lost with the call.
resource "aws_iam_role" "polled" {
  name = "polled"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "polled" {
  function_name = "polled"
  role          = aws_iam_role.polled.arn
}

resource "aws_lambda_event_source_mapping" "polled" {
  function_name    = aws_lambda_function.polled.arn
  event_source_arn = aws_sqs_queue.failures.arn
}

resource "aws_iam_role" "not_triggered" {
  name = "not-triggered"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "not_triggered" {
  function_name = "not-triggered"
  role          = aws_iam_role.not_triggered.arn
}
