# Which account it is, is not known; that it is not everybody is.
data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "own_account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = data.aws_caller_identity.current.account_id
}

resource "aws_organizations_account" "shop" {
  name  = "shop"
  email = "shop@example.com"
}

resource "aws_lambda_permission" "other_account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = aws_organizations_account.shop.id
}
