resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = "arn:aws:iam::111122223333:role/app"
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "api" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/GET/orders"
}

resource "aws_lambda_permission" "bucket" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.app.arn
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_lambda_permission" "alexa" {
  action             = "lambda:InvokeFunction"
  function_name      = "app"
  principal          = "alexa-appkit.amazon.com"
  event_source_token = "amzn1.ask.skill.1"
}

resource "aws_lambda_permission" "account" {
  action        = "lambda:InvokeFunction"
  function_name = "app"
  principal     = "444455556666"
}

resource "aws_lambda_permission" "replicator" {
  action        = "lambda:GetFunction"
  function_name = "app"
  principal     = "replicator.lambda.amazonaws.com"
}
