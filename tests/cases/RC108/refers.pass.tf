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

data "aws_iam_role" "shared" {
  name = "shared"
}

locals {
  role_arn = aws_iam_role.app.arn
}

resource "aws_lambda_function" "reference" {
  function_name = "reference"
  role          = aws_iam_role.app.arn
}

# Looked up: the plan fails when the role is gone.
resource "aws_lambda_function" "looked_up" {
  function_name = "looked-up"
  role          = data.aws_iam_role.shared.arn
}

# Composed of the role's name, which is a dependency as well.
resource "aws_lambda_function" "composed" {
  function_name = "composed"
  role          = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/${aws_iam_role.app.name}"
}

# Through a local value.
resource "aws_lambda_function" "local" {
  function_name = "local"
  role          = local.role_arn
}
