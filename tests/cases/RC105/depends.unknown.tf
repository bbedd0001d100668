# expect aws_iam_role.variable: is not known
# expect aws_iam_role.file: known only when Terraform runs
# expect aws_iam_role.session_name: whoever calls may choose sts:RoleSessionName
# expect aws_iam_role.tag: whoever calls may choose aws:PrincipalTag/team
# expect aws_iam_role.until: is not known
variable "partner" {
  type = string
}

# The trust policy lies in a file.
resource "aws_iam_role" "file" {
  name               = "file"
  assume_role_policy = file("trust.json")
}

resource "aws_lambda_function" "file" {
  function_name = "file"
  role          = aws_iam_role.file.arn
}

# Whoever deploys may give the wildcard.
resource "aws_iam_role" "variable" {
  name = "variable"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = var.partner }
      },
    ]
  })
}

# Strangers name their session as they like, if they know what is wanted.
resource "aws_iam_role" "session_name" {
  name = "session-name"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "sts:RoleSessionName" = "orders" } }
      },
    ]
  })
}

# Strangers tag their own roles as they like.
resource "aws_iam_role" "tag" {
  name = "tag"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "aws:PrincipalTag/team" = "orders" } }
      },
    ]
  })
}

# It depends on the day.
resource "aws_iam_role" "until" {
  name = "until"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { DateLessThan = { "aws:CurrentTime" = "2030-01-01T00:00:00Z" } }
      },
    ]
  })
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_function" "session_name" {
  function_name = "session-name"
  role          = aws_iam_role.session_name.arn
}

resource "aws_lambda_function" "tag" {
  function_name = "tag"
  role          = aws_iam_role.tag.arn
}

resource "aws_lambda_function" "until" {
  function_name = "until"
  role          = aws_iam_role.until.arn
}
