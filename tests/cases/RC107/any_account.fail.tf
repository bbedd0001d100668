# expect aws_iam_role.bare: on behalf of any account
# expect aws_iam_role.listed: on behalf of any account
# expect aws_iam_role.any_arn: on behalf of any account
# expect aws_iam_role.any_account: on behalf of any account
# expect aws_iam_role.one_of_two: on behalf of any account
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The ordinary trust policy.
resource "aws_iam_role" "bare" {
  name = "bare"
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

# Among other services.
resource "aws_iam_role" "listed" {
  name = "listed"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:*"
        Principal = { Service = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"] }
      },
    ]
  })
}

# A condition that functions of every account meet.
resource "aws_iam_role" "any_arn" {
  name = "any-arn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:lambda:*:*:function:*" } }
      },
    ]
  })
}

# The same for the account.
resource "aws_iam_role" "any_account" {
  name = "any-account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringLike = { "aws:SourceAccount" = "*" } }
      },
    ]
  })
}

# One statement restricts, another does not.
resource "aws_iam_role" "one_of_two" {
  name = "one-of-two"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
}

resource "aws_lambda_function" "bare" {
  function_name = "bare"
  role          = aws_iam_role.bare.arn
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_lambda_function" "any_arn" {
  function_name = "any-arn"
  role          = aws_iam_role.any_arn.arn
}

resource "aws_lambda_function" "any_account" {
  function_name = "any-account"
  role          = aws_iam_role.any_account.arn
}

resource "aws_lambda_function" "one_of_two" {
  function_name = "one-of-two"
  role          = aws_iam_role.one_of_two.arn
}
