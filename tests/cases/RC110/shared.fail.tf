# expect aws_lambda_function.orders: orders shares shared, its execution role, with invoices
# expect aws_lambda_function.invoices: 2 functions use it, 1 may
# expect aws_lambda_function.worker["a"]: 2 functions use it
# expect aws_lambda_function.worker["b"]: 2 functions use it
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
}

resource "aws_iam_role" "worker" {
  name = "worker"
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

resource "aws_iam_role" "alone" {
  name = "alone"
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

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.shared.arn
}

resource "aws_lambda_function" "invoices" {
  function_name = "invoices"
  role          = aws_iam_role.shared.arn
}

# Each instance is a function.
resource "aws_lambda_function" "worker" {
  for_each      = toset(["a", "b"])
  function_name = "worker-${each.key}"
  role          = aws_iam_role.worker.arn
}

resource "aws_lambda_function" "alone" {
  function_name = "alone"
  role          = aws_iam_role.alone.arn
}
