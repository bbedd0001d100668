# expect aws_iam_role.file: known only when Terraform runs
# expect aws_iam_role.variable: is not known
# expect aws_iam_role.service: is not known
variable "accounts" {
  type = list(string)
}

variable "service" {
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

# Whoever deploys says which accounts.
resource "aws_iam_role" "variable" {
  name = "variable"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = { StringLike = { "aws:SourceAccount" = var.accounts } }
      },
    ]
  })
}

# Whoever deploys says which service.
resource "aws_iam_role" "service" {
  name = "service"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = var.service }
      },
    ]
  })
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_function" "service" {
  function_name = "service"
  role          = aws_iam_role.service.arn
}
