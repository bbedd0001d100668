provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = {
      function = "by-provider"
      team     = "orders"
    }
  }
}

resource "aws_iam_role" "by_provider" {
  name = "by-provider"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  tags = {
    stage = "prod"
  }
}

resource "aws_lambda_function" "by_provider" {
  function_name = "by-provider"
  role          = aws_iam_role.by_provider.arn
}
