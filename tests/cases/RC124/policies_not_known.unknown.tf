# expect aws_lambda_function.written_out: policy/team is not in this configuration
# expect aws_lambda_function.variable: is not known
# expect aws_lambda_function.by_variable: is not known
# expect aws_lambda_function.condition: SourceVpc
# expect aws_lambda_function.unknown_boundary: is not known
# expect aws_lambda_function.no_group: whether anything else makes the log group is not known
variable "policy" {
  type = string
}

variable "policy_arn" {
  type = string
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

# A customer's policy that is not declared here.
resource "aws_iam_role" "written_out" {
  name               = "written-out"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "written_out" {
  role       = aws_iam_role.written_out.name
  policy_arn = "arn:aws:iam::111122223333:policy/team"
}

resource "aws_lambda_function" "written_out" {
  function_name = "written-out"
  role          = aws_iam_role.written_out.arn
}

resource "aws_iam_role" "variable" {
  name               = "variable"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "variable" {
  role   = aws_iam_role.variable.name
  policy = var.policy
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_iam_role" "by_variable" {
  name                = "by-variable"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = [var.policy_arn]
}

resource "aws_lambda_function" "by_variable" {
  function_name = "by-variable"
  role          = aws_iam_role.by_variable.arn
}

# Allowed only from a VPC; whether the calls come from there cannot be told.
resource "aws_iam_role" "condition" {
  name               = "condition"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "condition" {
  role = aws_iam_role.condition.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceVpc" = "vpc-1" } }
      },
    ]
  })
}

resource "aws_lambda_function" "condition" {
  function_name = "condition"
  role          = aws_iam_role.condition.arn
}

# What the boundary leaves of it is not known.
resource "aws_iam_role" "unknown_boundary" {
  name                 = "unknown-boundary"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = "arn:aws:iam::111122223333:policy/team"
}

resource "aws_iam_role_policy" "unknown_boundary" {
  role = aws_iam_role.unknown_boundary.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "unknown_boundary" {
  function_name = "unknown-boundary"
  role          = aws_iam_role.unknown_boundary.arn
}

# It may not make the group; something else may have made it.
resource "aws_iam_role" "no_group" {
  name               = "no-group"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "no_group" {
  role = aws_iam_role.no_group.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "no_group" {
  function_name = "no-group"
  role          = aws_iam_role.no_group.arn
}

resource "aws_iam_role" "healthy" {
  name               = "healthy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "healthy" {
  role       = aws_iam_role.healthy.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "healthy" {
  function_name = "healthy"
  role          = aws_iam_role.healthy.arn
}
