provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# CloudWatch's name, but not the principal of its alarms.
# expect aws_cloudwatch_metric_alarm.errors: cannot invoke page
resource "aws_lambda_function" "page" {
  function_name = "page"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

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
  principal     = "cloudwatch.amazonaws.com"
  source_arn    = aws_cloudwatch_metric_alarm.errors.arn
}

# The ARN has the name after a colon, not a slash.
# expect aws_cloudwatch_composite_alarm.all: wants arn:aws:cloudwatch:eu-west-1:111122223333:alarm/all, the request has arn:aws:cloudwatch:eu-west-1:111122223333:alarm:all
resource "aws_lambda_function" "call" {
  function_name = "call"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_cloudwatch_composite_alarm" "all" {
  alarm_name                = "all"
  alarm_rule                = "ALARM(errors)"
  insufficient_data_actions = [aws_lambda_function.call.arn]
}

resource "aws_lambda_permission" "all" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.call.function_name
  principal     = "lambda.alarms.cloudwatch.amazonaws.com"
  source_arn    = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm/all"
}
