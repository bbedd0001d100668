# expect aws_lambda_function.orders: Whether insights watches the errors of orders is not known
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.app.arn
}

resource "aws_cloudwatch_metric_alarm" "insights" {
  alarm_name          = "insights"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  metric_query {
    id          = "q1"
    period      = 60
    return_data = true
    expression  = "SELECT SUM(Errors) FROM SCHEMA(\"AWS/Lambda\", FunctionName)"
  }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
