provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "mode" {
  type = string
}

variable "policy_arn" {
  type = string
}

# expect aws_lambda_function.mode: traces is not known
resource "aws_iam_role" "mode" {
  name = "mode"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "mode" {
  function_name = "mode"
  role          = aws_iam_role.mode.arn
  tracing_config {
    mode = var.mode
  }
}

# expect aws_lambda_function.policy: is not known
resource "aws_iam_role" "policy" {
  name = "policy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "policy" {
  function_name = "policy"
  role          = aws_iam_role.policy.arn
  tracing_config {
    mode = "Active"
  }
}

resource "aws_iam_role_policy_attachment" "policy" {
  role       = aws_iam_role.policy.name
  policy_arn = var.policy_arn
}
