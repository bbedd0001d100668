terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.28, < 7.0"
    }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# The provider makes both statements.
resource "aws_lambda_function_url" "open" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}

# A caller of another account has both permissions.
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_function_url" "signed" {
  function_name      = aws_lambda_function.mail.arn
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_permission" "signed_url" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.mail.function_name
  principal              = "444455556666"
  function_url_auth_type = "AWS_IAM"
}

resource "aws_lambda_permission" "signed_invoke" {
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.mail.function_name
  principal                = "444455556666"
  invoked_via_function_url = true
}

# The URL of an alias, for which both are written out.
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "1"
}

resource "aws_lambda_function_url" "alias" {
  function_name      = aws_lambda_function.orders.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "alias_url" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.orders.function_name
  qualifier              = aws_lambda_alias.live.name
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "alias_invoke" {
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.orders.function_name
  qualifier                = aws_lambda_alias.live.name
  principal                = "*"
  invoked_via_function_url = true
}
