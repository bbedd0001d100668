# expect aws_lambda_function.file: known only when Terraform runs
# expect aws_lambda_function.variable: is not known
# expect aws_lambda_function.anybody: admits anybody
# expect aws_lambda_function.in_a_vpc: is in a VPC
# expect aws_lambda_function.looked_up: looked up by a data source
# expect aws_lambda_function.dynamic: is not known
# expect aws_lambda_function.this_account_or_not: is not known
variable "service" {
  type = string
}

variable "conditions" {
  type = list(string)
}

resource "aws_iam_role" "file" {
  name               = "file"
  assume_role_policy = file("trust.json")
}

resource "aws_iam_role" "variable" {
  name = "variable"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = var.service } }]
  })
}

resource "aws_iam_role" "anybody" {
  name = "anybody"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }]
  })
}

resource "aws_iam_role" "by_source_arn" {
  name = "by-source-arn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { ArnLike = { "aws:SourceArn" = "arn:*:lambda:*:*:function:in-a-vpc" } }
    }]
  })
}

resource "aws_iam_role" "this_account_or_not" {
  name = "this-account-or-not"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

data "aws_iam_role" "looked_up" {
  name = "looked-up"
}

data "aws_iam_policy_document" "dynamic" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    dynamic "condition" {
      for_each = var.conditions
      content {
        test     = "StringEquals"
        variable = condition.value
        values   = ["x"]
      }
    }
  }
}

resource "aws_iam_role" "dynamic" {
  name               = "dynamic"
  assume_role_policy = data.aws_iam_policy_document.dynamic.json
}

resource "aws_lambda_function" "file" {
  function_name = "file"
  role          = aws_iam_role.file.arn
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_function" "anybody" {
  function_name = "anybody"
  role          = aws_iam_role.anybody.arn
}

resource "aws_lambda_function" "in_a_vpc" {
  function_name = "in-a-vpc"
  role          = aws_iam_role.by_source_arn.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_lambda_function" "looked_up" {
  function_name = "looked-up"
  role          = data.aws_iam_role.looked_up.arn
}

resource "aws_lambda_function" "dynamic" {
  function_name = "dynamic"
  role          = aws_iam_role.dynamic.arn
}

resource "aws_lambda_function" "this_account_or_not" {
  function_name = "this-account-or-not"
  role          = aws_iam_role.this_account_or_not.arn
}
