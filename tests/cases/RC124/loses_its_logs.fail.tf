# expect aws_lambda_function.nothing: what it logs is lost
# expect aws_lambda_function.other_policy: may not logs:CreateLogStream and logs:PutLogEvents
# expect aws_lambda_function.no_suffix: what it logs is lost
# expect aws_lambda_function.one_missing: may not logs:CreateLogStream on
# expect aws_lambda_function.another_group: what it logs is lost
# expect aws_lambda_function.denied: may not logs:PutLogEvents on
# expect aws_lambda_function.bounded: what it logs is lost
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# No policy at all.
resource "aws_iam_role" "nothing" {
  name               = "nothing"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_lambda_function" "nothing" {
  function_name = "nothing"
  role          = aws_iam_role.nothing.arn
}

resource "aws_iam_role" "other_policy" {
  name                = "other-policy"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"]
}

resource "aws_lambda_function" "other_policy" {
  function_name = "other-policy"
  role          = aws_iam_role.other_policy.arn
}

# The ARN that the provider gives has no :* at its end: it is the group, not its streams.
resource "aws_iam_role" "no_suffix" {
  name               = "no-suffix"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_cloudwatch_log_group" "no_suffix" {
  name = "/aws/lambda/no-suffix"
}

resource "aws_iam_role_policy" "no_suffix" {
  role = aws_iam_role.no_suffix.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = aws_cloudwatch_log_group.no_suffix.arn },
    ]
  })
}

resource "aws_lambda_function" "no_suffix" {
  function_name = "no-suffix"
  role          = aws_iam_role.no_suffix.arn
}

resource "aws_iam_role" "one_missing" {
  name               = "one-missing"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:PutLogEvents"], Resource = "*" },
      ]
    })
  }
}

resource "aws_lambda_function" "one_missing" {
  function_name = "one-missing"
  role          = aws_iam_role.one_missing.arn
}

resource "aws_iam_role" "another_group" {
  name               = "another-group"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "another_group" {
  role = aws_iam_role.another_group.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/one:*" },
    ]
  })
}

resource "aws_lambda_function" "another_group" {
  function_name = "another-group"
  role          = aws_iam_role.another_group.arn
}

resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachments_exclusive" "denied" {
  role_name   = aws_iam_role.denied.name
  policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
}

resource "aws_iam_role_policy" "denied" {
  role = aws_iam_role.denied.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "logs:Put*", Resource = "*" }]
  })
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

# The boundary lets no logs through.
resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy_attachment" "bounded" {
  name       = "bounded"
  roles      = [aws_iam_role.bounded.name]
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
}

resource "aws_iam_role" "logging" {
  name               = "logging"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "logging" {
  role       = aws_iam_role.logging.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "logging" {
  function_name = "logging"
  role          = aws_iam_role.logging.arn
}
