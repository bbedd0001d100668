# expect aws_iam_role.root: arn:aws:iam::111122223333:root
# expect aws_iam_role.account_id: may also be assumed by 444455556666
# expect aws_iam_role.own_root: may also be assumed by
# expect aws_iam_role.user: user/alice
# expect aws_iam_role.declared_user: may also be assumed by
# expect aws_iam_role.foreign: arn:aws:iam::444455556666:role/ci
# expect aws_iam_role.github: identities of
# expect aws_iam_role.declared_github: identities of
# expect aws_iam_role.saml: saml-provider/corp
# expect aws_iam_role.anybody: may also be assumed by *
# expect aws_iam_role.not_principal: NotPrincipal
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_caller_identity" "current" {}

resource "aws_iam_user" "bob" {
  name = "bob"
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# The root of the own account stands for all that may assume roles there.
resource "aws_iam_role" "root" {
  name = "root"
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
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
      },
    ]
  })
}

# The same, composed.
resource "aws_iam_role" "own_root" {
  name = "own-root"
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
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      },
    ]
  })
}

# The ID of an account means its root.
resource "aws_iam_role" "account_id" {
  name = "account-id"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com", AWS = "444455556666" }
      },
    ]
  })
}

# A person.
resource "aws_iam_role" "user" {
  name = "user"
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
        Principal = { AWS = "arn:aws:iam::111122223333:user/alice" }
      },
    ]
  })
}

# A person whom this configuration makes.
resource "aws_iam_role" "declared_user" {
  name = "declared-user"
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
        Principal = { AWS = aws_iam_user.bob.arn }
      },
    ]
  })
}

# A role of another account, even under an external ID.
resource "aws_iam_role" "foreign" {
  name = "foreign"
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
        Principal = { AWS = "arn:aws:iam::444455556666:role/ci" }
        Condition = { StringEquals = { "sts:ExternalId" = "5f2c9f4e" } }
      },
    ]
  })
}

# GitHub Actions.
resource "aws_iam_role" "github" {
  name = "github"
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
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
        Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/orders:ref:refs/heads/main" } }
      },
    ]
  })
}

# The same, by reference.
resource "aws_iam_role" "declared_github" {
  name = "declared-github"
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
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
        Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/orders:ref:refs/heads/main" } }
      },
    ]
  })
}

# People of a directory.
resource "aws_iam_role" "saml" {
  name = "saml"
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
        Action    = "sts:AssumeRoleWithSAML"
        Principal = { Federated = "arn:aws:iam::111122223333:saml-provider/corp" }
        Condition = { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } }
      },
    ]
  })
}

# Everybody of an organization.
resource "aws_iam_role" "anybody" {
  name = "anybody"
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

resource "aws_lambda_function" "root" {
  function_name = "root"
  role          = aws_iam_role.root.arn
}

resource "aws_lambda_function" "own_root" {
  function_name = "own-root"
  role          = aws_iam_role.own_root.arn
}

resource "aws_lambda_function" "account_id" {
  function_name = "account-id"
  role          = aws_iam_role.account_id.arn
}

resource "aws_lambda_function" "user" {
  function_name = "user"
  role          = aws_iam_role.user.arn
}

resource "aws_lambda_function" "declared_user" {
  function_name = "declared-user"
  role          = aws_iam_role.declared_user.arn
}

resource "aws_lambda_function" "foreign" {
  function_name = "foreign"
  role          = aws_iam_role.foreign.arn
}

resource "aws_lambda_function" "github" {
  function_name = "github"
  role          = aws_iam_role.github.arn
}

resource "aws_lambda_function" "declared_github" {
  function_name = "declared-github"
  role          = aws_iam_role.declared_github.arn
}

resource "aws_lambda_function" "saml" {
  function_name = "saml"
  role          = aws_iam_role.saml.arn
}

resource "aws_lambda_function" "anybody" {
  function_name = "anybody"
  role          = aws_iam_role.anybody.arn
}

resource "aws_lambda_function" "not_principal" {
  function_name = "not-principal"
  role          = aws_iam_role.not_principal.arn
}
