# expect aws_cloudwatch_log_subscription_filter.web: has no known value
# Checkov puts a local whose condition it cannot decide into a text as it is written.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_region" "current" {}

variable "enabled" {
  type = bool
}

locals {
  region = var.enabled ? data.aws_region.current.name : ""
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "logs" {
  function_name = "logs"
  role          = aws_iam_role.orders.arn
}

resource "aws_cloudwatch_log_subscription_filter" "web" {
  name            = "web"
  log_group_name  = "/web"
  filter_pattern  = ""
  destination_arn = aws_lambda_function.logs.arn
}

resource "aws_lambda_permission" "web" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.logs.function_name
  principal     = "logs.${local.region}.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:/web:*"
}
