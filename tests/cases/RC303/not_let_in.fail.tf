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

# expect aws_cloudwatch_event_target.default: wants arn:aws:events:eu-west-1:111122223333:rule/default/nightly, the request has arn:aws:events:eu-west-1:111122223333:rule/nightly
resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "default" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "default" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:111122223333:rule/default/nightly"
}

# The bus is left out of the statement.
# expect aws_cloudwatch_event_target.bus: the request has arn:aws:events:eu-west-1:111122223333:rule/shop/nightly
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_cloudwatch_event_target" "bus" {
  rule           = "nightly"
  event_bus_name = "shop"
  arn            = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "bus" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:111122223333:rule/nightly"
}
