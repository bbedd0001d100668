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

resource "aws_cloudwatch_log_group" "shop" {
  name = "/shop"
}

resource "aws_cloudwatch_log_subscription_filter" "shop" {
  name            = "shop"
  log_group_name  = aws_cloudwatch_log_group.shop.name
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "shop" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "logs.amazonaws.com"
  source_arn    = "${aws_cloudwatch_log_group.shop.arn}:*"
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# The principal of the region, and all log groups below a name.

resource "aws_cloudwatch_log_subscription_filter" "regional" {
  name            = "regional"
  log_group_name  = "/mail/x"
  filter_pattern  = ""
  destination_arn = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "regional" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "logs.eu-west-1.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:/mail/*:*"
  source_account = "111122223333"
}

# Not a function.

resource "aws_cloudwatch_log_subscription_filter" "stream" {
  name            = "stream"
  log_group_name  = "/x"
  filter_pattern  = ""
  destination_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/x"
}
