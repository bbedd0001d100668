provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# expect aws_lambda_permission.api: lets everybody do lambda:InvokeFunction through the API
resource "aws_lambda_permission" "api" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

# expect aws_lambda_permission.url: lets everybody do lambda:InvokeFunctionUrl through a function URL without authentication
resource "aws_lambda_permission" "url" {
  function_name          = "app"
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

# expect aws_lambda_permission.identities: with an identity of any account
resource "aws_lambda_permission" "identities" {
  function_name          = "app"
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "AWS_IAM"
}

# expect aws_lambda_permission.code: lets everybody do lambda:UpdateFunctionCode
resource "aws_lambda_permission" "code" {
  function_name = "app"
  action        = "lambda:UpdateFunctionCode"
  principal     = "*"
}
