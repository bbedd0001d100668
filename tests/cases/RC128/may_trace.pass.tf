provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "managed" {
  name = "managed"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.managed.name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_lambda_function" "managed" {
  function_name = "managed"
  role          = aws_iam_role.managed.arn
  tracing_config {
    mode = "Active"
  }
}

resource "aws_iam_role" "inline" {
  name = "inline"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "inline" {
  role = aws_iam_role.inline.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "inline" {
  function_name = "inline"
  role          = aws_iam_role.inline.arn
  tracing_config {
    mode = "Active"
  }
}

resource "aws_iam_role" "by_wildcard" {
  name = "by-wildcard"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "by_wildcard" {
  role = aws_iam_role.by_wildcard.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "xray:Put*", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "by_wildcard" {
  function_name = "by-wildcard"
  role          = aws_iam_role.by_wildcard.arn
  tracing_config {
    mode = "Active"
  }
}

# Without active tracing nothing is asked of the role.
resource "aws_iam_role" "pass_through" {
  name = "pass-through"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "pass_through" {
  function_name = "pass-through"
  role          = aws_iam_role.pass_through.arn
  tracing_config {
    mode = "PassThrough"
  }
}

resource "aws_iam_role" "silent" {
  name = "silent"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "silent" {
  function_name = "silent"
  role          = aws_iam_role.silent.arn
}
