# expect aws_iam_role.any_repository: The workflow of any GitHub repository may assume
# expect aws_iam_role.no_condition: The workflow of any GitHub repository may assume
# expect aws_iam_role.wide: The workflow of any GitHub repository may assume
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# Nothing says which repository.
resource "aws_iam_role" "any_repository" {
  name = "any-repository"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.github.arn }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } },
    ]
  })
}

resource "aws_lambda_function" "any_repository" {
  function_name = "any-repository"
  role          = aws_iam_role.any_repository.arn
}

resource "aws_iam_role" "no_condition" {
  name = "no-condition"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" } },
    ]
  })
}

resource "aws_lambda_function" "no_condition" {
  function_name = "no-condition"
  role          = aws_iam_role.no_condition.arn
}

resource "aws_iam_role" "wide" {
  name = "wide"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }, Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:*" }, StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } },
    ]
  })
}

resource "aws_lambda_function" "wide" {
  function_name = "wide"
  role          = aws_iam_role.wide.arn
}
