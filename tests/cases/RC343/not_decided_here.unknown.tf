provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "principal" {}

variable "organization" {}

# expect aws_lambda_permission.principal: var.principal has no known value
resource "aws_lambda_permission" "principal" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = var.principal
}

# expect aws_lambda_permission.action: var.action has no known value
variable "action" {}

resource "aws_lambda_permission" "action" {
  function_name = "app"
  action        = var.action
  principal     = "*"
}

# It may be empty, and then everybody may.
# expect aws_lambda_permission.organization: var.organization has no known value
resource "aws_lambda_permission" "organization" {
  function_name    = "app"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = var.organization
}

# Whichever organization it is.
data "aws_organizations_organization" "current" {}

resource "aws_lambda_permission" "current" {
  function_name    = "app"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = data.aws_organizations_organization.current.id
}
