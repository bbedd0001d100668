provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_caller_identity" "current" {}

# Lambda only.
resource "aws_iam_role" "service" {
  name = "service"
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
}

# Everybody of one organization.
resource "aws_iam_role" "organization" {
  name = "organization"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
      },
    ]
  })
}

# Everybody of one account.
resource "aws_iam_role" "account" {
  name = "account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = "*"
        Condition = { StringEquals = { "aws:PrincipalAccount" = ["111122223333"] } }
      },
    ]
  })
}

# Everybody of the role's own account.
resource "aws_iam_role" "own_account" {
  name = "own-account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

# Roles of one account with a certain name.
resource "aws_iam_role" "arn" {
  name = "arn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/deploy-*" } }
      },
    ]
  })
}

# Whoever knows the external ID.
resource "aws_iam_role" "external_id" {
  name = "external-id"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "sts:ExternalId" = "5f2c9f4e" } }
      },
    ]
  })
}

# Whoever calls from the office.
resource "aws_iam_role" "office" {
  name = "office"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}

# Whoever comes through one endpoint.
resource "aws_iam_role" "endpoint" {
  name = "endpoint"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "aws:SourceVpce" = "vpce-1a2b3c4d" } }
      },
    ]
  })
}

# Open to everybody, shut to other organizations.
resource "aws_iam_role" "denied" {
  name = "denied"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
      },
      {
        Effect    = "Deny"
        Action    = "sts:*"
        Principal = "*"
        Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
      },
    ]
  })
}

# A named account: its administrators say who may.
resource "aws_iam_role" "root" {
  name = "root"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::444455556666:root" }
      },
    ]
  })
}

# One branch of one repository.
resource "aws_iam_role" "github" {
  name = "github"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
        Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/orders:ref:refs/heads/main" } }
      },
    ]
  })
}

# Everybody may add tags, but nobody may assume it so.
resource "aws_iam_role" "tags_only" {
  name = "tags-only"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:TagSession"
        Principal = { AWS = "*" }
      },
    ]
  })
}

# Another role of this configuration.
resource "aws_iam_role" "composed" {
  name = "composed"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = aws_iam_role.service.arn }
      },
    ]
  })
}

resource "aws_lambda_function" "service" {
  function_name = "service"
  role          = aws_iam_role.service.arn
}

resource "aws_lambda_function" "organization" {
  function_name = "organization"
  role          = aws_iam_role.organization.arn
}

resource "aws_lambda_function" "account" {
  function_name = "account"
  role          = aws_iam_role.account.arn
}

resource "aws_lambda_function" "own_account" {
  function_name = "own-account"
  role          = aws_iam_role.own_account.arn
}

resource "aws_lambda_function" "arn" {
  function_name = "arn"
  role          = aws_iam_role.arn.arn
}

resource "aws_lambda_function" "external_id" {
  function_name = "external-id"
  role          = aws_iam_role.external_id.arn
}

resource "aws_lambda_function" "office" {
  function_name = "office"
  role          = aws_iam_role.office.arn
}

resource "aws_lambda_function" "endpoint" {
  function_name = "endpoint"
  role          = aws_iam_role.endpoint.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_lambda_function" "root" {
  function_name = "root"
  role          = aws_iam_role.root.arn
}

resource "aws_lambda_function" "github" {
  function_name = "github"
  role          = aws_iam_role.github.arn
}

resource "aws_lambda_function" "tags_only" {
  function_name = "tags-only"
  role          = aws_iam_role.tags_only.arn
}

resource "aws_lambda_function" "composed" {
  function_name = "composed"
  role          = aws_iam_role.composed.arn
}
