provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "page" {
  function_name = "page"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

variable "alarm" {}

# expect aws_cloudwatch_metric_alarm.errors: var.alarm has no known value
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
  alarm_actions       = [aws_lambda_function.page.arn]
}

resource "aws_lambda_permission" "errors" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.page.function_name
  principal     = "lambda.alarms.cloudwatch.amazonaws.com"
  source_arn    = var.alarm
}
