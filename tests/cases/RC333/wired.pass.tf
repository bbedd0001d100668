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

resource "aws_codecommit_repository" "shop" {
  repository_name = "shop"
}

resource "aws_codecommit_trigger" "build" {
  repository_name = aws_codecommit_repository.shop.repository_name
  trigger {
    name            = "build"
    events          = ["all"]
    destination_arn = aws_lambda_function.build.arn
  }
}

resource "aws_lambda_permission" "build" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.build.function_name
  principal      = "codecommit.amazonaws.com"
  source_arn     = aws_codecommit_repository.shop.arn
  source_account = "111122223333"
}

# Not a function.
resource "aws_codecommit_trigger" "topic" {
  repository_name = "shop"
  trigger {
    name            = "topic"
    events          = ["all"]
    destination_arn = "arn:aws:sns:eu-west-1:111122223333:pushes"
  }
}
