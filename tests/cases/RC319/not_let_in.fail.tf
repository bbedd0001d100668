provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The server knows an alias of the function, the permission is for the function.
# expect aws_transfer_server.inbound: Statements for the function itself do not cover this
resource "aws_lambda_function" "login" {
  function_name = "login"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.login.function_name
  function_version = "1"
}

resource "aws_transfer_server" "inbound" {
  identity_provider_type = "AWS_LAMBDA"
  function               = aws_lambda_alias.live.arn
}

resource "aws_lambda_permission" "inbound" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.login.function_name
  principal     = "transfer.amazonaws.com"
  source_arn    = aws_transfer_server.inbound.arn
}
