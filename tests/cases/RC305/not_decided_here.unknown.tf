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

variable "topic" {}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

# expect aws_sns_topic_subscription.elsewhere: is not in this configuration
resource "aws_sns_topic_subscription" "elsewhere" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = "arn:aws:lambda:eu-west-1:111122223333:function:elsewhere"
}

# expect aws_sns_topic_subscription.variable: the request has <var.topic
resource "aws_sns_topic_subscription" "variable" {
  topic_arn = var.topic
  protocol  = "lambda"
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "orders" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "sns.amazonaws.com"
  source_arn     = aws_sns_topic.orders.arn
}

# expect aws_sns_topic_subscription.account: whether sns.amazonaws.com sends aws:SourceAccount is not documented
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_sns_topic_subscription" "account" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "account" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.mail.function_name
  principal      = "sns.amazonaws.com"
  source_arn     = aws_sns_topic.orders.arn
  source_account = "111122223333"
}
