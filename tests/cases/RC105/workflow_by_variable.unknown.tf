# expect aws_iam_role.by_variable: Whether the workflow of any GitHub repository may
variable "repository" {
  type = string
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "by_variable" {
  name = "by-variable"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.github.arn }, Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:${var.repository}:*" } } },
    ]
  })
}

resource "aws_lambda_function" "by_variable" {
  function_name = "by-variable"
  role          = aws_iam_role.by_variable.arn
}
