# expect aws_iam_role.bare: Anybody, in whatever AWS account
# expect aws_iam_role.keyed: Anybody, in whatever AWS account
# expect aws_iam_role.listed: Anybody, in whatever AWS account
# expect aws_iam_role.every_action: Anybody, in whatever AWS account
# expect aws_iam_role.any_arn: Anybody, in whatever AWS account
# expect aws_iam_role.mfa: Anybody, in whatever AWS account
# expect aws_iam_role.internet: Anybody, in whatever AWS account
# expect aws_iam_role.if_exists: Anybody, in whatever AWS account
# expect aws_iam_role.all_but_one: Anybody, in whatever AWS account
# expect aws_iam_role.not_principal: Anybody, in whatever AWS account
# expect aws_iam_role.document: Anybody, in whatever AWS account
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The wildcard as a bare string.
resource "aws_iam_role" "bare" {
  name = "bare"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = "*"
      },
    ]
  })
}

# The wildcard under AWS, beside Lambda.
resource "aws_iam_role" "keyed" {
  name = "keyed"
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
      },
    ]
  })
}

# The wildcard among named principals.
resource "aws_iam_role" "listed" {
  name = "listed"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = ["arn:aws:iam::111122223333:root", "*"] }
      },
    ]
  })
}

# Every action of STS.
resource "aws_iam_role" "every_action" {
  name = "every-action"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:*"
        Principal = "*"
      },
    ]
  })
}

# A condition that every role in every account meets.
resource "aws_iam_role" "any_arn" {
  name = "any-arn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/*" } }
      },
    ]
  })
}

# Strangers have multi-factor authentication as well.
resource "aws_iam_role" "mfa" {
  name = "mfa"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
      },
    ]
  })
}

# A range that holds every address.
resource "aws_iam_role" "internet" {
  name = "internet"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/0" } }
      },
    ]
  })
}

# Whoever does not come through an endpoint has no aws:SourceVpce, and is let in.
resource "aws_iam_role" "if_exists" {
  name = "if-exists"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEqualsIfExists = { "aws:SourceVpce" = "vpce-1a2b3c4d" } }
      },
    ]
  })
}

# Everybody but one account.
resource "aws_iam_role" "all_but_one" {
  name = "all-but-one"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringNotEquals = { "aws:PrincipalAccount" = "444455556666" } }
      },
    ]
  })
}

# Everybody but one user.
resource "aws_iam_role" "not_principal" {
  name = "not-principal"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect       = "Allow"
        Action       = "sts:AssumeRole"
        NotPrincipal = { AWS = "arn:aws:iam::111122223333:user/mallory" }
      },
    ]
  })
}

resource "aws_lambda_function" "bare" {
  function_name = "bare"
  role          = aws_iam_role.bare.arn
}

resource "aws_lambda_function" "keyed" {
  function_name = "keyed"
  role          = aws_iam_role.keyed.arn
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_lambda_function" "every_action" {
  function_name = "every-action"
  role          = aws_iam_role.every_action.arn
}

resource "aws_lambda_function" "any_arn" {
  function_name = "any-arn"
  role          = aws_iam_role.any_arn.arn
}

resource "aws_lambda_function" "mfa" {
  function_name = "mfa"
  role          = aws_iam_role.mfa.arn
}

resource "aws_lambda_function" "internet" {
  function_name = "internet"
  role          = aws_iam_role.internet.arn
}

resource "aws_lambda_function" "if_exists" {
  function_name = "if-exists"
  role          = aws_iam_role.if_exists.arn
}

resource "aws_lambda_function" "all_but_one" {
  function_name = "all-but-one"
  role          = aws_iam_role.all_but_one.arn
}

resource "aws_lambda_function" "not_principal" {
  function_name = "not-principal"
  role          = aws_iam_role.not_principal.arn
}

# The wildcard in the document of a data source.
data "aws_iam_policy_document" "anybody" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.anybody.json
}

resource "aws_lambda_function" "document" {
  function_name = "document"
  role          = aws_iam_role.document.arn
}

# No function uses this role: the rule says nothing of it.
resource "aws_iam_role" "unused" {
  name               = "unused"
  assume_role_policy = data.aws_iam_policy_document.anybody.json
}
