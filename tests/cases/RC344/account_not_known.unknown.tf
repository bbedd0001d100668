# No provider says which account this is.
# expect aws_lambda_permission.account: of which account 444455556666 is
resource "aws_lambda_permission" "account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "444455556666"
}

variable "partner" {}

# expect aws_lambda_permission.partner: of which account
resource "aws_lambda_permission" "partner" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = var.partner
}
