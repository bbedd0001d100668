provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_permission" "own" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "111122223333"
}

resource "aws_lambda_permission" "root" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::111122223333:root"
}

data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "current" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = data.aws_caller_identity.current.account_id
}

# An organization's, whichever account.
resource "aws_lambda_permission" "organization" {
  function_name    = "app"
  action           = "lambda:InvokeFunction"
  principal        = "444455556666"
  principal_org_id = "o-a1b2c3d4e5"
}

# Everybody is no account: RC343.
resource "aws_lambda_permission" "everybody" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

resource "aws_lambda_permission" "service" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}
