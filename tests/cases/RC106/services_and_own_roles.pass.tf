provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_caller_identity" "current" {}

# Several services.
resource "aws_iam_role" "services" {
  name = "services"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "scheduler.amazonaws.com" }
      },
    ]
  })
}

# A role of this configuration may take the function's place.
resource "aws_iam_role" "deployer" {
  name = "deployer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = aws_iam_role.services.arn }
      },
    ]
  })
}

# A role of the own account, written out.
resource "aws_iam_role" "own" {
  name = "own"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::111122223333:role/ci/deploy" }
      },
    ]
  })
}

# A role of the own account, composed.
resource "aws_iam_role" "composed" {
  name = "composed"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/deploy" }
      },
    ]
  })
}

# A role that trusts itself, as Lambda's documentation shows.
resource "aws_iam_role" "itself" {
  name = "itself"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com", AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/itself" }
      },
    ]
  })
}

# One session of a role of the own account.
resource "aws_iam_role" "session" {
  name = "session"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:sts::111122223333:assumed-role/deploy/ci" }
      },
    ]
  })
}

# The root and a user are only kept out.
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
        Action    = "sts:AssumeRole"
        Principal = { AWS = ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/alice"] }
      },
    ]
  })
}

# The root may tag sessions, but not assume the role.
resource "aws_iam_role" "tags_only" {
  name = "tags-only"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:TagSession"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
      },
    ]
  })
}

resource "aws_lambda_function" "services" {
  function_name = "services"
  role          = aws_iam_role.services.arn
}

resource "aws_lambda_function" "deployer" {
  function_name = "deployer"
  role          = aws_iam_role.deployer.arn
}

resource "aws_lambda_function" "own" {
  function_name = "own"
  role          = aws_iam_role.own.arn
}

resource "aws_lambda_function" "composed" {
  function_name = "composed"
  role          = aws_iam_role.composed.arn
}

resource "aws_lambda_function" "itself" {
  function_name = "itself"
  role          = aws_iam_role.itself.arn
}

resource "aws_lambda_function" "session" {
  function_name = "session"
  role          = aws_iam_role.session.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_lambda_function" "tags_only" {
  function_name = "tags-only"
  role          = aws_iam_role.tags_only.arn
}
