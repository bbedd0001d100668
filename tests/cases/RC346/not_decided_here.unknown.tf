provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "source" {}

# expect aws_lambda_permission.literal: it is written out, or comes from elsewhere
resource "aws_lambda_permission" "literal" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:111122223333:orders"
}

# expect aws_lambda_permission.variable: it is written out, or comes from elsewhere
resource "aws_lambda_permission" "variable" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = var.source
}

data "aws_caller_identity" "current" {}

# expect aws_lambda_permission.pattern: it is written out, or comes from elsewhere
resource "aws_lambda_permission" "pattern" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:${data.aws_caller_identity.current.account_id}:orders-*"
}
