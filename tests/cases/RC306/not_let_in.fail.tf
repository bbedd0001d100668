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

# CloudWatch Logs presents the ARN with a final :*, which the attribute arn lacks.
# expect aws_cloudwatch_log_subscription_filter.without_star: wants arn:aws:logs:eu-west-1:111122223333:log-group:/shop, the request has arn:aws:logs:eu-west-1:111122223333:log-group:/shop:*

resource "aws_cloudwatch_log_subscription_filter" "without_star" {
  name            = "without_star"
  log_group_name  = aws_cloudwatch_log_group.shop.name
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "without_star" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "logs.amazonaws.com"
  source_arn    = aws_cloudwatch_log_group.shop.arn
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# expect aws_cloudwatch_log_subscription_filter.other_region: admits logs.us-east-1.amazonaws.com only

resource "aws_cloudwatch_log_subscription_filter" "other_region" {
  name            = "other_region"
  log_group_name  = "/mail"
  filter_pattern  = ""
  destination_arn = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "other_region" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "logs.us-east-1.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:/mail:*"
}
