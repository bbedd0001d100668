variable "stage" {
  default = "prod"
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
  tags = { function = "orders", team = "sales" }
}

# Composed as the function's name is.
resource "aws_iam_role" "composed" {
  name = "composed"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
  tags = { function = "composed-${var.stage}" }
}

# One of the two functions that use it.
resource "aws_iam_role" "shared" {
  name = "shared"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
  tags = { function = "first" }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_lambda_function" "composed" {
  function_name = "composed-${var.stage}"
  role          = aws_iam_role.composed.arn
}

resource "aws_lambda_function" "first" {
  function_name = "first"
  role          = aws_iam_role.shared.arn
}

resource "aws_lambda_function" "second" {
  function_name = "second"
  role          = aws_iam_role.shared.arn
}

# No function uses this role: the rule says nothing of it.
resource "aws_iam_role" "unused" {
  name = "unused"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
}
