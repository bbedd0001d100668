provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

# The ARN of a consumer that is declared here begins with its stream's.
resource "aws_kinesis_stream_consumer" "fan_out" {
  name       = "fan-out"
  stream_arn = aws_kinesis_stream.clicks.arn
}

resource "aws_iam_role" "fan_out" {
  name = "fan-out"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "fan_out" {
  role = aws_iam_role.fan_out.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "kinesis:SubscribeToShard", Resource = aws_kinesis_stream_consumer.fan_out.arn },
      { Effect = "Allow", Action = ["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"], Resource = aws_kinesis_stream.clicks.arn },
    ]
  })
}

resource "aws_lambda_function" "fan_out" {
  function_name = "fan-out"
  role          = aws_iam_role.fan_out.arn
}

resource "aws_lambda_event_source_mapping" "fan_out" {
  function_name    = aws_lambda_function.fan_out.arn
  event_source_arn = aws_kinesis_stream_consumer.fan_out.arn
  starting_position = "LATEST"
}
