# expect aws_lambda_function.orders: No alarm watches the errors of orders
# expect aws_lambda_function.bills: No alarm watches the errors of bills
# expect aws_lambda_function.far: No alarm watches the errors of far
# The alarms here are on another metric, another function, another region, or off.
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "bills" {
  function_name = "bills"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "watched" {
  function_name = "watched"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "far" {
  provider      = aws.far
  function_name = "far"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "orders-throttles"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  alarm_name          = "orders-queue"
  namespace           = "AWS/SQS"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = "orders" }
}

resource "aws_cloudwatch_metric_alarm" "off" {
  count               = 0
  alarm_name          = "bills-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = aws_lambda_function.bills.function_name }
}

resource "aws_cloudwatch_metric_alarm" "resource_only" {
  alarm_name          = "bills-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { Resource = "bills" }
}

resource "aws_cloudwatch_metric_alarm" "watched" {
  alarm_name          = "watched-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = "watched" }
}

resource "aws_cloudwatch_metric_alarm" "in_the_other_region" {
  alarm_name          = "far-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = aws_lambda_function.far.function_name }
}

resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name = "any"
  alarm_rule = "ALARM(watched-errors)"
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
