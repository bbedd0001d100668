provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "source" {}

# expect aws_lambda_permission.source: var.source has no known value
resource "aws_lambda_permission" "source" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = var.source
}

# Services that the table does not have.
# expect aws_lambda_permission.workmail: workmail.eu-west-1.amazonaws.com
resource "aws_lambda_permission" "workmail" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "workmail.eu-west-1.amazonaws.com"
  source_arn    = "arn:aws:ses:eu-west-1:111122223333:identity/example.com"
}

# expect aws_lambda_permission.source_service: arn:aws:dms
resource "aws_lambda_permission" "source_service" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:dms:eu-west-1:111122223333:task:1"
}
