provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The queue lets the role in, and nothing else does.
resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource  = "*"
        Principal = { AWS = "arn:aws:iam::111122223333:role/let-in" }
      },
      {
        Effect    = "Deny"
        Action    = "sqs:*"
        Resource  = "*"
        Principal = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_role" "let_in" {
  name = "let-in"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "let_in" {
  role = aws_iam_role.let_in.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "let_in" {
  function_name = "let-in"
  role          = aws_iam_role.let_in.arn
}

resource "aws_lambda_event_source_mapping" "let_in" {
  function_name    = aws_lambda_function.let_in.arn
  event_source_arn = aws_sqs_queue.orders.arn
}
