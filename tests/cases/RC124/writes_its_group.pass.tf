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

resource "aws_iam_role" "attached" {
  name               = "attached"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "attached" {
  role       = aws_iam_role.attached.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "attached" {
  function_name = "attached"
  role          = aws_iam_role.attached.arn
}

resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_iam_role" "all_logs" {
  name               = "all-logs"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "arn:aws:logs:*:*:*" },
      ]
    })
  }
}

resource "aws_lambda_function" "all_logs" {
  function_name = "all-logs"
  role          = aws_iam_role.all_logs.arn
}

# The group is declared, so the function need not make it.
resource "aws_iam_role" "own_group" {
  name               = "own-group"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_cloudwatch_log_group" "own_group" {
  name = "/aws/lambda/own-group"
}

resource "aws_iam_role_policy" "own_group" {
  role = aws_iam_role.own_group.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.own_group.arn}:*" },
    ]
  })
}

resource "aws_lambda_function" "own_group" {
  function_name = "own-group"
  role          = aws_iam_role.own_group.arn
}

resource "aws_iam_role" "other_group" {
  name               = "other-group"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_cloudwatch_log_group" "other_group" {
  name = "/apps/orders"
}

resource "aws_iam_policy" "other_group" {
  name = "other-group"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:/apps/orders:*" },
    ]
  })
}

resource "aws_iam_policy_attachment" "other_group" {
  name       = "other-group"
  roles      = [aws_iam_role.other_group.name]
  policy_arn = aws_iam_policy.other_group.arn
}

resource "aws_lambda_function" "other_group" {
  function_name = "other-group"
  role          = aws_iam_role.other_group.arn
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.other_group.name
  }
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachments_exclusive" "bounded" {
  role_name   = aws_iam_role.bounded.name
  policy_arns = ["arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"]
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
