# expect aws_lambda_function.orders: Whether some watches the errors of orders is not known
variable "functions" {
  type = list(string)
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_cloudwatch_metric_alarm" "some" {
  alarm_name          = "some"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { FunctionName = var.functions[0] }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
