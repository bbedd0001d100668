provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "reference" {
  function_name = "reference"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "literal" {
  function_name = "literal"
  role          = "arn:aws:iam::111122223333:role/service-role/app"
}
