# expect aws_lambda_function.other_account: the function is in account 111122223333
# expect aws_lambda_function.name_only: it is no ARN
# expect aws_lambda_function.bare_name: it is no ARN
# expect aws_lambda_function.with_region: has the region eu-west-1
# expect aws_lambda_function.user: it names user/app, not a role
# expect aws_lambda_function.session: it names a session
# expect aws_lambda_function.profile: it names instance-profile/app, not a role
# expect aws_lambda_function.short_account: 1111 is not an account ID
# expect aws_lambda_function.china: the partition aws
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "healthy" {
  function_name = "healthy"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "other_account" {
  function_name = "other-account"
  role          = "arn:aws:iam::999988887777:role/app"
}

resource "aws_lambda_function" "name_only" {
  function_name = "name-only"
  role          = aws_iam_role.app.name
}

resource "aws_lambda_function" "bare_name" {
  function_name = "bare-name"
  role          = "app"
}

resource "aws_lambda_function" "with_region" {
  function_name = "with-region"
  role          = "arn:aws:iam:eu-west-1:111122223333:role/app"
}

resource "aws_lambda_function" "user" {
  function_name = "user"
  role          = "arn:aws:iam::111122223333:user/app"
}

resource "aws_lambda_function" "session" {
  function_name = "session"
  role          = "arn:aws:sts::111122223333:assumed-role/app/session"
}

resource "aws_lambda_function" "profile" {
  function_name = "profile"
  role          = "arn:aws:iam::111122223333:instance-profile/app"
}

resource "aws_lambda_function" "short_account" {
  function_name = "short-account"
  role          = "arn:aws:iam::1111:role/app"
}

resource "aws_lambda_function" "china" {
  function_name = "china"
  role          = "arn:aws-cn:iam::111122223333:role/app"
}
