data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "actions" {
  name               = "actions"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "actions" {
  role = aws_iam_role.actions.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem", "s3:Get*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "actions" {
  function_name = "actions"
  role          = aws_iam_role.actions.arn
}

# Everything, with one bucket.
resource "aws_iam_role" "one_bucket" {
  name               = "one-bucket"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = "s3:*", Resource = ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"] },
      ]
    })
  }
}

resource "aws_lambda_function" "one_bucket" {
  function_name = "one-bucket"
  role          = aws_iam_role.one_bucket.arn
}

resource "aws_iam_role" "managed" {
  name                = "managed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}

resource "aws_lambda_function" "managed" {
  function_name = "managed"
  role          = aws_iam_role.managed.arn
}

resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "denied" {
  role       = aws_iam_role.denied.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}

resource "aws_iam_role_policy" "denied" {
  role = aws_iam_role.denied.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "sqs:*", Resource = "*" }]
  })
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachments_exclusive" "bounded" {
  role_name   = aws_iam_role.bounded.name
  policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
}
