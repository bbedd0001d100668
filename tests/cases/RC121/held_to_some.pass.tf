data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# A role that it assumes has to trust it as well.
resource "aws_iam_role" "assumes" {
  name               = "assumes"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "assumes" {
  role = aws_iam_role.assumes.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "assumes" {
  function_name = "assumes"
  role          = aws_iam_role.assumes.arn
}

resource "aws_iam_role" "passes_only" {
  name               = "passes-only"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_only" {
  role = aws_iam_role.passes_only.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_only" {
  function_name = "passes-only"
  role          = aws_iam_role.passes_only.arn
}

resource "aws_iam_role" "passes_elsewhere" {
  name               = "passes-elsewhere"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_elsewhere" {
  role = aws_iam_role.passes_elsewhere.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*", Condition = { StringEquals = { "iam:PassedToService" = "states.amazonaws.com" } } },
      { Effect = "Allow", Action = "lambda:*", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_elsewhere" {
  function_name = "passes-elsewhere"
  role          = aws_iam_role.passes_elsewhere.arn
}

# It passes one role on.
resource "aws_iam_role" "passes_one" {
  name               = "passes-one"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_one" {
  role = aws_iam_role.passes_one.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:*", Resource = "*" },
      { Effect = "Allow", Action = "iam:PassRole", Resource = aws_iam_role.assumes.arn },
    ]
  })
}

resource "aws_lambda_function" "passes_one" {
  function_name = "passes-one"
  role          = aws_iam_role.passes_one.arn
}

resource "aws_iam_role" "attaches_one" {
  name               = "attaches-one"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "attaches_one" {
  role = aws_iam_role.attaches_one.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:AttachRolePolicy", Resource = "*", Condition = { ArnEquals = { "iam:PolicyARN" = "arn:aws:iam::aws:policy/ReadOnlyAccess" } } },
    ]
  })
}

resource "aws_lambda_function" "attaches_one" {
  function_name = "attaches-one"
  role          = aws_iam_role.attaches_one.arn
}

resource "aws_iam_role" "bounded" {
  name               = "bounded"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "bounded" {
  role = aws_iam_role.bounded.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:AttachRolePolicy", "iam:PutRolePolicy"], Resource = "*", Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::111122223333:policy/edge" } } },
    ]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
}

# A path of roles, in whatever account.
resource "aws_iam_role" "tenants" {
  name               = "tenants"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "tenants" {
  role = aws_iam_role.tenants.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], Resource = "arn:aws:iam::*:role/tenants/*" },
    ]
  })
}

resource "aws_lambda_function" "tenants" {
  function_name = "tenants"
  role          = aws_iam_role.tenants.arn
}

# Another role, whose name is not known.
resource "aws_iam_role" "another" {
  name               = "another"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "another" {
  role = aws_iam_role.another.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.unnamed.arn },
    ]
  })
}

resource "aws_lambda_function" "another" {
  function_name = "another"
  role          = aws_iam_role.another.arn
}

resource "aws_iam_role" "own_key" {
  name               = "own-key"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "own_key" {
  role = aws_iam_role.own_key.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:user/robots/*" },
    ]
  })
}

resource "aws_lambda_function" "own_key" {
  function_name = "own-key"
  role          = aws_iam_role.own_key.arn
}

resource "aws_iam_role" "unnamed" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
