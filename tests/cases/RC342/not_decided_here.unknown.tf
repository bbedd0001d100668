provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "source" {}

variable "account" {}

# expect aws_lambda_permission.source: var.source has no known value
resource "aws_lambda_permission" "source" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = var.source
}

# It may be empty.
# expect aws_lambda_permission.account: var.account has no known value
resource "aws_lambda_permission" "account" {
  function_name  = "app"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::uploads"
  source_account = var.account
}

# Whether others can choose such a name.
# expect aws_lambda_permission.other: arn:aws:dms:eu-west-1:*:task/nightly
resource "aws_lambda_permission" "other" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "dms.amazonaws.com"
  source_arn    = "arn:aws:dms:eu-west-1:*:task/nightly"
}
