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

variable "account" {}

# expect aws_iot_topic_rule.doors: var.account has no known value

resource "aws_iot_topic_rule" "doors" {
  name        = "doors"
  enabled     = true
  sql         = "SELECT * FROM 'x'"
  sql_version = "2016-03-23"
  lambda {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "doors" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "iot.amazonaws.com"
  source_arn    = "arn:aws:iot:eu-west-1:${var.account}:rule/doors"
}
