# expect aws_iam_role.merged: has no tag that names its function
locals {
  tags = { team = "orders" }
}

resource "aws_iam_role" "merged" {
  name = "merged"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  tags = merge(local.tags, { stage = "prod" })
}

resource "aws_lambda_function" "merged" {
  function_name = "merged"
  role          = aws_iam_role.merged.arn
}
