provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# expect aws_lambda_permission.account: lets 444455556666 in
resource "aws_lambda_permission" "account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "444455556666"
}

# expect aws_lambda_permission.role: arn:aws:iam::444455556666:role/caller
resource "aws_lambda_permission" "role" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::444455556666:role/caller"
}
