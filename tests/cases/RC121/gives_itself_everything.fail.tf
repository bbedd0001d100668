# expect aws_lambda_function.attached: may do everything in IAM
# expect aws_lambda_function.listed: may do everything in IAM
# expect aws_lambda_function.star: may do everything in IAM
# expect aws_lambda_function.puts: iam:PutRolePolicy
# expect aws_lambda_function.attaches: iam:AttachRolePolicy
# expect aws_lambda_function.users: iam:AttachUserPolicy
# expect aws_lambda_function.versions: iam:CreatePolicyVersion
# expect aws_lambda_function.beside_unknown: may do everything in IAM
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "attached" {
  name               = "attached"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "attached" {
  role       = aws_iam_role.attached.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_lambda_function" "attached" {
  function_name = "attached"
  role          = aws_iam_role.attached.arn
}

resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/IAMFullAccess"]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_iam_role" "star" {
  name               = "star"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}

resource "aws_lambda_function" "star" {
  function_name = "star"
  role          = aws_iam_role.star.arn
}

resource "aws_iam_role" "puts" {
  name               = "puts"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "puts" {
  role = aws_iam_role.puts.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:Put*", Resource = "*" }]
  })
}

resource "aws_lambda_function" "puts" {
  function_name = "puts"
  role          = aws_iam_role.puts.arn
}

resource "aws_iam_role" "attaches" {
  name               = "attaches"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "attaches" {
  statement {
    actions   = ["iam:ListRoles", "iam:AttachRolePolicy"]
    resources = ["arn:aws:iam::*:role/*"]
  }
}

resource "aws_iam_policy" "attaches" {
  name   = "attaches"
  policy = data.aws_iam_policy_document.attaches.json
}

resource "aws_iam_role_policy_attachments_exclusive" "attaches" {
  role_name   = aws_iam_role.attaches.name
  policy_arns = [aws_iam_policy.attaches.arn]
}

resource "aws_lambda_function" "attaches" {
  function_name = "attaches"
  role          = aws_iam_role.attaches.arn
}

resource "aws_iam_role" "users" {
  name               = "users"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "users" {
  role = aws_iam_role.users.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:AttachUserPolicy", Resource = "arn:aws:iam::*:user/*" }]
  })
}

resource "aws_lambda_function" "users" {
  function_name = "users"
  role          = aws_iam_role.users.arn
}

resource "aws_iam_role" "versions" {
  name               = "versions"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "versions" {
  name = "versions"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }]
  })
}

resource "aws_iam_policy_attachment" "versions" {
  name       = "versions"
  roles      = [aws_iam_role.versions.name]
  policy_arn = aws_iam_policy.versions.arn
}

resource "aws_lambda_function" "versions" {
  function_name = "versions"
  role          = aws_iam_role.versions.arn
}

# What the other policy says does not matter, unless it denies.
resource "aws_iam_role" "beside_unknown" {
  name               = "beside-unknown"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "beside_unknown" {
  role       = aws_iam_role.beside_unknown.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "other" {
  role       = aws_iam_role.beside_unknown.name
  policy_arn = "arn:aws:iam::111122223333:policy/team"
}

resource "aws_lambda_function" "beside_unknown" {
  function_name = "beside-unknown"
  role          = aws_iam_role.beside_unknown.arn
}

resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "reader" {
  role = aws_iam_role.reader.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::orders/*" }]
  })
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
}
