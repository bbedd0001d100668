# expect aws_iam_role.session_name: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.caller: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.roles: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.tagged: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.external_id: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.has_external_id: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.organization: Anybody, in whatever AWS account, may assume
# expect aws_iam_role.address: Anybody, in whatever AWS account, may assume
# Conditions that everybody meets.
resource "aws_iam_role" "session_name" {
  name = "session-name"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringLike = { "sts:RoleSessionName" = "*" } } },
    ]
  })
}

resource "aws_lambda_function" "session_name" {
  function_name = "session-name"
  role          = aws_iam_role.session_name.arn
}

resource "aws_iam_role" "caller" {
  name = "caller"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringLike = { "aws:PrincipalArn" = "*" } } },
    ]
  })
}

resource "aws_lambda_function" "caller" {
  function_name = "caller"
  role          = aws_iam_role.caller.arn
}

resource "aws_iam_role" "roles" {
  name = "roles"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/*" } } },
    ]
  })
}

resource "aws_lambda_function" "roles" {
  function_name = "roles"
  role          = aws_iam_role.roles.arn
}

resource "aws_iam_role" "tagged" {
  name = "tagged"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringLike = { "aws:PrincipalTag/team" = "*" } } },
    ]
  })
}

resource "aws_lambda_function" "tagged" {
  function_name = "tagged"
  role          = aws_iam_role.tagged.arn
}

resource "aws_iam_role" "external_id" {
  name = "external-id"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringLike = { "sts:ExternalId" = "*" } } },
    ]
  })
}

resource "aws_lambda_function" "external_id" {
  function_name = "external-id"
  role          = aws_iam_role.external_id.arn
}

resource "aws_iam_role" "has_external_id" {
  name = "has-external-id"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { Null = { "sts:ExternalId" = "false" } } },
    ]
  })
}

resource "aws_lambda_function" "has_external_id" {
  function_name = "has-external-id"
  role          = aws_iam_role.has_external_id.arn
}

resource "aws_iam_role" "organization" {
  name = "organization"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringLike = { "aws:PrincipalOrgID" = "o-*" } } },
    ]
  })
}

resource "aws_lambda_function" "organization" {
  function_name = "organization"
  role          = aws_iam_role.organization.arn
}

resource "aws_iam_role" "address" {
  name = "address"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/0" } } },
    ]
  })
}

resource "aws_lambda_function" "address" {
  function_name = "address"
  role          = aws_iam_role.address.arn
}
