# expect aws_lambda_function.orders: watches the errors of orders is not known: the module alarm was not read
# A module from a registry is not read.
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

module "alarm" {
  source  = "terraform-aws-modules/cloudwatch/aws//modules/metric-alarm"
  version = "5.7.0"

  namespace   = "AWS/Lambda"
  metric_name = "Errors"
  dimensions  = { FunctionName = aws_lambda_function.orders.function_name }
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  alarm_name          = "queue"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions          = { QueueName = "orders" }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
