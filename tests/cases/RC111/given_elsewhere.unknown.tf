# expect aws_iam_role.variable: The tags of
# expect aws_iam_role.merged: The tags of
# expect aws_iam_role.value: is not known
variable "tags" {
  type = map(string)
}

variable "owner" {
  type = string
}

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
    ]
  })
  tags = var.tags
}

# A second role with tags that are given from outside.
resource "aws_iam_role" "merged" {
  name = "merged"
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
  tags = var.tags
}

resource "aws_iam_role" "value" {
  name = "value"
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
  tags = { function = var.owner }
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_function" "merged" {
  function_name = "merged"
  role          = aws_iam_role.merged.arn
}

resource "aws_lambda_function" "value" {
  function_name = "value"
  role          = aws_iam_role.value.arn
}
