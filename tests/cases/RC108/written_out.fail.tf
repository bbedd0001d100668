# expect aws_lambda_function.literal: written out, arn:aws:iam::111122223333:role/app
# expect aws_lambda_function.declared: written out
# expect aws_lambda_function.local: written out
# expect aws_lambda_function.composed: written out
# expect aws_lambda_function.bare_name: written out
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
}

data "aws_caller_identity" "current" {}

locals {
  role_arn = "arn:aws:iam::111122223333:role/service/local"
}

resource "aws_lambda_function" "literal" {
  function_name = "literal"
  role          = "arn:aws:iam::111122223333:role/app"
}

# The role is declared here, but not referred to.
resource "aws_lambda_function" "declared" {
  function_name = "declared"
  role          = "arn:aws:iam::444455556666:role/app"
}

# A local value that is written out.
resource "aws_lambda_function" "local" {
  function_name = "local"
  role          = local.role_arn
}

# Only the account is looked up.
resource "aws_lambda_function" "composed" {
  function_name = "composed"
  role          = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/jobs"
}

# Not even an ARN.
resource "aws_lambda_function" "bare_name" {
  function_name = "bare-name"
  role          = "app"
}
