# expect aws_iam_role.by_provider: the default_tags of the provider of aws_iam_role.by_provider
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = var.default_tags
  }
}

variable "default_tags" {
  type = map(string)
}

resource "aws_iam_role" "by_provider" {
  name = "by-provider"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "by_provider" {
  function_name = "by-provider"
  role          = aws_iam_role.by_provider.arn
}
