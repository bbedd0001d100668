provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_caller_identity" "current" {}

# The account, written out.
resource "aws_iam_role" "account" {
  name = "account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
      },
    ]
  })
}

# The account, looked up.
resource "aws_iam_role" "current" {
  name = "current"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

# Functions of the account.
resource "aws_iam_role" "arn" {
  name = "arn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:lambda:*:111122223333:function:*" } }
      },
    ]
  })
}

# Open, but shut to other accounts.
resource "aws_iam_role" "denied" {
  name = "denied"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Deny"
        Action    = "sts:*"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringNotEquals = { "aws:SourceAccount" = "111122223333" } }
      },
    ]
  })
}

# Does not admit Lambda at all: the rule says nothing of it.
resource "aws_iam_role" "not_lambda" {
  name = "not-lambda"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ec2.amazonaws.com" }
      },
    ]
  })
}

resource "aws_lambda_function" "account" {
  function_name = "account"
  role          = aws_iam_role.account.arn
}

resource "aws_lambda_function" "current" {
  function_name = "current"
  role          = aws_iam_role.current.arn
}

resource "aws_lambda_function" "arn" {
  function_name = "arn"
  role          = aws_iam_role.arn.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_lambda_function" "not_lambda" {
  function_name = "not-lambda"
  role          = aws_iam_role.not_lambda.arn
}
