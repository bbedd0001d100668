provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# Everybody, of one organization.
resource "aws_lambda_permission" "organization" {
  function_name    = "app"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-a1b2c3d4e5"
}

resource "aws_lambda_permission" "account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "444455556666"
}

resource "aws_lambda_permission" "role" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::444455556666:role/caller"
}

resource "aws_lambda_permission" "service" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}

# Everybody, on behalf of one topic: no person's request carries a source.
resource "aws_lambda_permission" "source" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "*"
  source_arn    = "arn:aws:sns:eu-west-1:111122223333:orders"
}

# The second of the statements that a public function URL has: it does not open the API.
resource "aws_lambda_permission" "url" {
  function_name            = "app"
  action                   = "lambda:InvokeFunction"
  principal                = "*"
  invoked_via_function_url = true
}

# Whoever it is, not everybody.
data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "own" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = data.aws_caller_identity.current.account_id
}
