provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "keep" {
  type = bool
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}

resource "aws_sqs_queue" "failures" {
  name           = "failures"
}

# Whether the queue has a dead-letter queue depends on a variable.
resource "aws_sqs_queue" "orders" {
  name           = "orders"
  redrive_policy = var.keep ? jsonencode({ deadLetterTargetArn = aws_sqs_queue.failures.arn, maxReceiveCount = 5 }) : null
}

# expect aws_lambda_event_source_mapping.switched: not known
resource "aws_lambda_event_source_mapping" "switched" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_sqs_queue.orders.arn
}
