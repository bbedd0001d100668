provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

# expect aws_lambda_permission.topic: s3.amazonaws.com never calls on behalf of
resource "aws_lambda_permission" "topic" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

# Schedules call by a role, rules by this principal.
# expect aws_lambda_permission.schedule: events.amazonaws.com never calls on behalf of arn:aws:scheduler:eu-west-1:111122223333:schedule/default/nightly
resource "aws_lambda_permission" "schedule" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/nightly"
}

# expect aws_lambda_permission.itself: apigateway.amazonaws.com never calls on behalf of
resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_permission" "itself" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = aws_lambda_function.app.arn
}
