data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "queue" {
  name               = "queue"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "queue" {
  role = aws_iam_role.queue.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.orders.arn },
    ]
  })
}

resource "aws_lambda_function" "queue" {
  function_name = "queue"
  role          = aws_iam_role.queue.arn
}

resource "aws_iam_role" "indexed" {
  name               = "indexed"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "indexed" {
  role = aws_iam_role.indexed.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*", Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"] },
    ]
  })
}

resource "aws_lambda_function" "indexed" {
  function_name = "indexed"
  role          = aws_iam_role.indexed.arn
}

resource "aws_iam_role" "machine" {
  name               = "machine"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "machine" {
  role = aws_iam_role.machine.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "states:*", Resource = aws_sfn_state_machine.orders.arn },
    ]
  })
}

resource "aws_lambda_function" "machine" {
  function_name = "machine"
  role          = aws_iam_role.machine.arn
}

resource "aws_sqs_queue" "orders" {
  name_prefix = "orders-"
}

resource "aws_dynamodb_table" "orders" {
  name = var.table
}

variable "table" {
  type = string
}

resource "aws_sfn_state_machine" "orders" {
  role_arn   = aws_iam_role.queue.arn
  definition = "{}"
}
