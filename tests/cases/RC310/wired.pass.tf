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

resource "aws_ses_receipt_rule_set" "inbound" {
  rule_set_name = "inbound"
}

resource "aws_ses_receipt_rule" "store" {
  name          = "store"
  rule_set_name = aws_ses_receipt_rule_set.inbound.rule_set_name
  enabled       = true
  s3_action {
    bucket_name = "mail"
    position    = 1
  }
  lambda_action {
    function_arn = aws_lambda_function.inbox.arn
    position     = 2
  }
}

resource "aws_lambda_permission" "store" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.inbox.function_name
  principal      = "ses.amazonaws.com"
  source_arn     = aws_ses_receipt_rule.store.arn
  source_account = "111122223333"
}

# The permission has to be there before the rule: its ARN is written out.
resource "aws_ses_receipt_rule" "forward" {
  name          = "forward"
  rule_set_name = "inbound"
  enabled       = true
  lambda_action {
    function_arn = aws_lambda_function.inbox.arn
    position     = 1
  }
}

resource "aws_lambda_permission" "forward" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.inbox.function_name
  principal     = "ses.amazonaws.com"
  source_arn    = "arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/inbound:receipt-rule/forward"
}
