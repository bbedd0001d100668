provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "login" {
  function_name = "login"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_transfer_server" "inbound" {
  identity_provider_type = "AWS_LAMBDA"
  function               = aws_lambda_function.login.arn
}

resource "aws_lambda_permission" "inbound" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.login.function_name
  principal     = "transfer.amazonaws.com"
  source_arn    = aws_transfer_server.inbound.arn
}

# Users of the server's own.
resource "aws_transfer_server" "plain" {
  identity_provider_type = "SERVICE_MANAGED"
}
