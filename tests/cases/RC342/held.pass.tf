provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_permission" "bucket" {
  function_name  = "app"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::uploads"
  source_account = "111122223333"
}

# The account alone, as SAM writes it.
resource "aws_lambda_permission" "account" {
  function_name  = "app"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = "111122223333"
}

resource "aws_lambda_permission" "topic" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:111122223333:orders"
}

# Nobody else can have this API's ID.
resource "aws_lambda_permission" "api" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-west-1:*:a1b2c3d4e5/*/GET/orders"
}

# No source at all: RC341.
resource "aws_lambda_permission" "open" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}

# It invokes nothing.
resource "aws_lambda_permission" "reads" {
  function_name = "app"
  action        = "lambda:GetFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::uploads"
}
