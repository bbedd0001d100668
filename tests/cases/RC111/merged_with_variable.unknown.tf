# expect aws_iam_role.merged: a variable may add to the tags of aws_iam_role.merged
# expect aws_iam_role.by_local: a variable may add to the tags
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  tags = merge(var.tags, { team = "orders" })
}

resource "aws_iam_role" "merged" {
  name = "merged"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  tags = merge(var.tags, { team = "orders" })
}

resource "aws_lambda_function" "merged" {
  function_name = "merged"
  role          = aws_iam_role.merged.arn
}

resource "aws_iam_role" "by_local" {
  name = "by-local"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  tags = local.tags
}

resource "aws_lambda_function" "by_local" {
  function_name = "by-local"
  role          = aws_iam_role.by_local.arn
}
