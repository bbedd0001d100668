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

variable "repository" {}

# expect aws_codecommit_trigger.build: var.repository has no known value
resource "aws_codecommit_trigger" "build" {
  repository_name = var.repository
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
  source_arn    = "arn:aws:codecommit:eu-west-1:111122223333:shop"
}
