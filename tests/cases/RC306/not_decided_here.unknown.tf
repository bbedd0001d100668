provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

variable "group" {}

# expect aws_cloudwatch_log_subscription_filter.variable: <var.group has no known value>

resource "aws_cloudwatch_log_subscription_filter" "variable" {
  name            = "variable"
  log_group_name  = var.group
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "variable" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "logs.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:/shop:*"
}
