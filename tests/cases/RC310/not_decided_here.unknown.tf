provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "inbox" {
  function_name = "inbox"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

variable "rule_set" {}

# expect aws_ses_receipt_rule.store: var.rule_set has no known value
resource "aws_ses_receipt_rule" "store" {
  name          = "store"
  rule_set_name = var.rule_set
  lambda_action {
    function_arn = aws_lambda_function.inbox.arn
    position     = 1
  }
}

resource "aws_lambda_permission" "store" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.inbox.function_name
  principal     = "ses.amazonaws.com"
  source_arn    = "arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/inbound:receipt-rule/store"
}
