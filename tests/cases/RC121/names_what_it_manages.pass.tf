data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
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

# Too much for RC120, but nothing in IAM that makes an administrator.
resource "aws_iam_role" "power_user" {
  name                = "power-user"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}

resource "aws_lambda_function" "power_user" {
  function_name = "power-user"
  role          = aws_iam_role.power_user.arn
}

# It manages the roles under one path.
resource "aws_iam_role" "named" {
  name               = "named"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "named" {
  name = "named"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"], Resource = "arn:aws:iam::111122223333:role/tenants/*" },
    ]
  })
}

resource "aws_iam_policy_attachment" "named" {
  name       = "named"
  roles      = [aws_iam_role.named.name]
  policy_arn = aws_iam_policy.named.arn
}

resource "aws_lambda_function" "named" {
  function_name = "named"
  role          = aws_iam_role.named.arn
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachment" "bounded" {
  role       = aws_iam_role.bounded.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", NotAction = ["iam:*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
}

# A deny takes IAM away from a policy that allows everything.
resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = "*", Resource = "*" },
        { Effect = "Deny", Action = "iam:*", Resource = "*" },
      ]
    })
  }
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}
