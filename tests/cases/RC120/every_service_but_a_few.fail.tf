# expect aws_lambda_function.attached: may use every service
# expect aws_lambda_function.listed: may use every service
# expect aws_lambda_function.exclusive: may use every service
# expect aws_lambda_function.not_action: may use every service
# expect aws_lambda_function.document: may use every service
# expect aws_lambda_function.denied: may use every service
# expect aws_lambda_function.wide_boundary: may use every service
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
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_lambda_function" "attached" {
  function_name = "attached"
  role          = aws_iam_role.attached.arn
}

resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_iam_role" "exclusive" {
  name               = "exclusive"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachments_exclusive" "exclusive" {
  role_name   = aws_iam_role.exclusive.name
  policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}

resource "aws_lambda_function" "exclusive" {
  function_name = "exclusive"
  role          = aws_iam_role.exclusive.arn
}

resource "aws_iam_role" "not_action" {
  name               = "not-action"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", NotAction = ["iam:*", "organizations:*"], Resource = "*" }]
    })
  }
}

resource "aws_lambda_function" "not_action" {
  function_name = "not-action"
  role          = aws_iam_role.not_action.arn
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "document" {
  statement {
    not_actions = ["iam:*", "kms:*"]
    resources   = ["*"]
  }
}

resource "aws_iam_policy" "document" {
  name   = "document"
  policy = data.aws_iam_policy_document.document.json
}

resource "aws_iam_policy_attachment" "document" {
  name       = "document"
  roles      = [aws_iam_role.document.name]
  policy_arn = aws_iam_policy.document.arn
}

resource "aws_lambda_function" "document" {
  function_name = "document"
  role          = aws_iam_role.document.arn
}

# Everything, except IAM.
resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "denied" {
  role = aws_iam_role.denied.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Deny", Action = "iam:*", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

# An administrator's policy in the boundary of a power user.
resource "aws_iam_role" "wide_boundary" {
  name                 = "wide-boundary"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy_attachment" "wide_boundary" {
  role       = aws_iam_role.wide_boundary.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_lambda_function" "wide_boundary" {
  function_name = "wide-boundary"
  role          = aws_iam_role.wide_boundary.arn
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
