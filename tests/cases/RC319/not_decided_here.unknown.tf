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

# expect aws_transfer_server.inbound: server/s-0123456789abcdef0, the request has
resource "aws_transfer_server" "inbound" {
  identity_provider_type = "AWS_LAMBDA"
  function               = aws_lambda_function.login.arn
}

resource "aws_lambda_permission" "inbound" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.login.function_name
  principal     = "transfer.amazonaws.com"
  source_arn    = "arn:aws:transfer:eu-west-1:111122223333:server/s-0123456789abcdef0"
}
