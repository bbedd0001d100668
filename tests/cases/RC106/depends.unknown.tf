# expect aws_iam_role.variable: is not known
# expect aws_iam_role.which_account: arn:aws:iam::444455556666:role/ci
# expect aws_iam_role.deleted: AROAEXAMPLE1234567890
# expect aws_iam_role.file: known only when Terraform runs
# expect aws_iam_role.action: is not known
variable "partner" {
  type = string
}

variable "action" {
  type = string
}

# The trust policy lies in a file.
resource "aws_iam_role" "file" {
  name               = "file"
  assume_role_policy = file("trust.json")
}

resource "aws_lambda_function" "file" {
  function_name = "file"
  role          = aws_iam_role.file.arn
}

# Whoever deploys says who may.
resource "aws_iam_role" "variable" {
  name = "variable"
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
        Principal = { AWS = var.partner }
      },
    ]
  })
}

# A role of the account that this is deployed to, or of another.
resource "aws_iam_role" "which_account" {
  name = "which-account"
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
        Principal = { AWS = "arn:aws:iam::444455556666:role/ci" }
      },
    ]
  })
}

# What is left of a role or a user that was deleted.
resource "aws_iam_role" "deleted" {
  name = "deleted"
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
        Principal = { AWS = "AROAEXAMPLE1234567890" }
      },
    ]
  })
}

# Whether the root may assume the role, or tag sessions only.
resource "aws_iam_role" "action" {
  name = "action"
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
        Action    = var.action
        Principal = { AWS = "arn:aws:iam::444455556666:root" }
      },
    ]
  })
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_function" "which_account" {
  function_name = "which-account"
  role          = aws_iam_role.which_account.arn
}

resource "aws_lambda_function" "deleted" {
  function_name = "deleted"
  role          = aws_iam_role.deleted.arn
}

resource "aws_lambda_function" "action" {
  function_name = "action"
  role          = aws_iam_role.action.arn
}
