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
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::orders/*" },
      { Effect = "Allow", Action = ["sqs:*", "dynamodb:*"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
}

# Many services, but none that ReadOnlyAccess does not name.
resource "aws_iam_role" "read_only" {
  name                = "read-only"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
}

resource "aws_lambda_function" "read_only" {
  function_name = "read-only"
  role          = aws_iam_role.read_only.arn
}

# The boundary takes away what PowerUserAccess gives.
resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachment" "bounded" {
  role       = aws_iam_role.bounded.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*", "logs:*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
}

# All actions but one, on the objects of one bucket.
resource "aws_iam_role" "one_bucket" {
  name               = "one-bucket"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", NotAction = ["s3:DeleteBucket"], Resource = "arn:aws:s3:::orders/*" }]
    })
  }
}

resource "aws_lambda_function" "one_bucket" {
  function_name = "one-bucket"
  role          = aws_iam_role.one_bucket.arn
}

# An administrator: RC121 says so.
resource "aws_iam_role" "admin" {
  name                = "admin"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_lambda_function" "admin" {
  function_name = "admin"
  role          = aws_iam_role.admin.arn
}
