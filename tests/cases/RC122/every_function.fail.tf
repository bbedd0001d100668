# expect aws_lambda_function.attached: may invoke every function
# expect aws_lambda_function.listed: may invoke every function
# expect aws_lambda_function.wildcard: may invoke every function
# expect aws_lambda_function.any_function: may invoke every function
# expect aws_lambda_function.document: may invoke every function
# expect aws_lambda_function.exclusive: may invoke every function
# expect aws_lambda_function.not_resource: may invoke every function
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
  policy_arn = "arn:aws:iam::aws:policy/AWSLambda_FullAccess"
}

resource "aws_lambda_function" "attached" {
  function_name = "attached"
  role          = aws_iam_role.attached.arn
}

resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_iam_role" "wildcard" {
  name               = "wildcard"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "lambda:*", Resource = "*" }]
    })
  }
}

resource "aws_lambda_function" "wildcard" {
  function_name = "wildcard"
  role          = aws_iam_role.wildcard.arn
}

resource "aws_iam_role" "any_function" {
  name               = "any-function"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "any_function" {
  role = aws_iam_role.any_function.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "arn:aws:lambda:*:*:function:*" },
    ]
  })
}

resource "aws_lambda_function" "any_function" {
  function_name = "any-function"
  role          = aws_iam_role.any_function.arn
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "document" {
  statement {
    actions   = ["lambda:Invoke*"]
    resources = ["*"]
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
  policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}

resource "aws_lambda_function" "exclusive" {
  function_name = "exclusive"
  role          = aws_iam_role.exclusive.arn
}

# Every function but one.
resource "aws_iam_role" "not_resource" {
  name               = "not-resource"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "not_resource" {
  role = aws_iam_role.not_resource.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", NotResource = "arn:aws:lambda:*:*:function:secret" },
    ]
  })
}

resource "aws_lambda_function" "not_resource" {
  function_name = "not-resource"
  role          = aws_iam_role.not_resource.arn
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
