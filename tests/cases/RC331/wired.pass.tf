provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "caller" {
  function_name = "caller"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_connect_instance" "desk" {
  identity_management_type = "CONNECT_MANAGED"
  inbound_calls_enabled    = true
  instance_alias           = "desk"
  outbound_calls_enabled   = true
}

resource "aws_connect_lambda_function_association" "caller" {
  function_arn = aws_lambda_function.caller.arn
  instance_id  = aws_connect_instance.desk.id
}

resource "aws_lambda_permission" "caller" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.caller.function_name
  principal      = "connect.amazonaws.com"
  source_arn     = aws_connect_instance.desk.arn
  source_account = "111122223333"
}
