provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "build" {
  function_name = "build"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# expect aws_codecommit_trigger.build: wants arn:aws:codecommit:eu-west-1:111122223333:site, the request has arn:aws:codecommit:eu-west-1:111122223333:shop
resource "aws_codecommit_trigger" "build" {
  repository_name = "shop"
  trigger {
    name            = "build"
    events          = ["all"]
    destination_arn = aws_lambda_function.build.arn
  }
}

resource "aws_lambda_permission" "build" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.build.function_name
  principal     = "codecommit.amazonaws.com"
  source_arn    = "arn:aws:codecommit:eu-west-1:111122223333:site"
}
