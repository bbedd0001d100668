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

# The ARN is that of the rule set.
# expect aws_ses_receipt_rule.store: wants arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/inbound, the request has arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/inbound:receipt-rule/store
resource "aws_ses_receipt_rule" "store" {
  name          = "store"
  rule_set_name = "inbound"
  enabled       = true
  lambda_action {
    function_arn = aws_lambda_function.inbox.arn
    position     = 1
  }
}

resource "aws_lambda_permission" "store" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.inbox.function_name
  principal     = "ses.amazonaws.com"
  source_arn    = "arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/inbound"
}

# expect aws_ses_receipt_rule.forward: cannot invoke outbox: its policy has no statement
resource "aws_lambda_function" "outbox" {
  function_name = "outbox"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_ses_receipt_rule" "forward" {
  name          = "forward"
  rule_set_name = "inbound"
  enabled       = true
  lambda_action {
    function_arn = aws_lambda_function.outbox.arn
    position     = 1
  }
}
