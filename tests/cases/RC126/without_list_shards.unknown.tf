# expect aws_lambda_function.stream: kinesis:ListShards
# Streams are read without this action, though the documentation lists it.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

resource "aws_iam_role" "stream" {
  name = "stream"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "stream" {
  role = aws_iam_role.stream.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"], Resource = aws_kinesis_stream.clicks.arn },
    ]
  })
}

resource "aws_lambda_function" "stream" {
  function_name = "stream"
  role          = aws_iam_role.stream.arn
}

resource "aws_lambda_event_source_mapping" "stream" {
  function_name     = aws_lambda_function.stream.arn
  event_source_arn  = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
}
