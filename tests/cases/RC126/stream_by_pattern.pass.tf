provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# Every stream that the table ever has, as AWS's guides write it.
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
}

resource "aws_iam_role" "table" {
  name = "table"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "table" {
  role = aws_iam_role.table.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Resource = "${aws_dynamodb_table.orders.arn}/stream/*" },
    ]
  })
}

resource "aws_lambda_function" "table" {
  function_name = "table"
  role          = aws_iam_role.table.arn
}

resource "aws_lambda_event_source_mapping" "table" {
  function_name    = aws_lambda_function.table.arn
  event_source_arn = aws_dynamodb_table.orders.stream_arn
  starting_position = "LATEST"
}
