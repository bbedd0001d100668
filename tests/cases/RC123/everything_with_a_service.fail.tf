# expect aws_lambda_function.inline: dynamodb:*, sqs:* on *
# expect aws_lambda_function.own: s3:* on *
# expect aws_lambda_function.attached: sqs:* on *
# expect aws_lambda_function.star: everything with every service
# expect aws_lambda_function.document: sns:* on *
# expect aws_lambda_function.exclusive: sqs:* on *
# expect aws_lambda_function.listed: everything with every service
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "inline" {
  name               = "inline"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["dynamodb:*", "sqs:*", "kms:Decrypt"], Resource = "*" }]
    })
  }
}

resource "aws_lambda_function" "inline" {
  function_name = "inline"
  role          = aws_iam_role.inline.arn
}

resource "aws_iam_role" "own" {
  name               = "own"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "own" {
  role = aws_iam_role.own.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::*" }]
  })
}

resource "aws_lambda_function" "own" {
  function_name = "own"
  role          = aws_iam_role.own.arn
}

resource "aws_iam_role" "attached" {
  name               = "attached"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "attached" {
  role       = aws_iam_role.attached.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}

resource "aws_lambda_function" "attached" {
  function_name = "attached"
  role          = aws_iam_role.attached.arn
}

resource "aws_iam_role" "star" {
  name               = "star"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "star" {
  name = "star"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "star" {
  role       = aws_iam_role.star.name
  policy_arn = aws_iam_policy.star.arn
}

resource "aws_lambda_function" "star" {
  function_name = "star"
  role          = aws_iam_role.star.arn
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "document" {
  statement {
    actions   = ["SNS:*"]
    resources = ["arn:aws:sns:*:*:*"]
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

resource "aws_iam_role" "exclusive" {
  name               = "exclusive"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachments_exclusive" "exclusive" {
  role_name   = aws_iam_role.exclusive.name
  policy_arns = ["arn:aws:iam::aws:policy/AmazonSQSFullAccess", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
}

resource "aws_lambda_function" "exclusive" {
  function_name = "exclusive"
  role          = aws_iam_role.exclusive.arn
}

resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
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
