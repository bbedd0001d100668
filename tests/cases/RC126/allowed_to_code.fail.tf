# expect aws_lambda_function.code: may not sqs:ReceiveMessage
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_iam_role" "code" {
  name = "code"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "code" {
  role = aws_iam_role.code.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = "*", Condition = { ArnLike = { "lambda:SourceFunctionArn" = "arn:aws:lambda:*:*:function:code" } } },
    ]
  })
}

resource "aws_lambda_function" "code" {
  function_name = "code"
  role          = aws_iam_role.code.arn
}

resource "aws_lambda_event_source_mapping" "code" {
  function_name    = aws_lambda_function.code.arn
  event_source_arn = aws_sqs_queue.orders.arn
}
