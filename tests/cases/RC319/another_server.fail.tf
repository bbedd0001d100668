# expect aws_transfer_server.inbound: aws_transfer_server.other.id
# AWS makes the IDs of both: whatever they are, they differ.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_transfer_server" "inbound" {
  identity_provider_type = "AWS_LAMBDA"
  function               = aws_lambda_function.orders.arn
}

resource "aws_transfer_server" "other" {
  identity_provider_type = "SERVICE_MANAGED"
}

resource "aws_lambda_permission" "other" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "transfer.amazonaws.com"
  source_arn    = aws_transfer_server.other.arn
}
