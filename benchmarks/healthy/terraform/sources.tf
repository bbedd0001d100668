provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_kms_key" "orders" {}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = aws_kms_key.orders.arn
  redrive_policy    = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}

resource "aws_iam_role" "queue" {
  name = "queue"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "queue" {
  role = aws_iam_role.queue.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126Queue", Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.orders.arn },
      { Sid = "RC126Queue2", Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.orders.arn },
    ]
  })
}

resource "aws_lambda_function" "queue" {
  function_name = "queue"
  role          = aws_iam_role.queue.arn
}

resource "aws_lambda_event_source_mapping" "queue" {
  function_name    = aws_lambda_function.queue.arn
  event_source_arn = aws_sqs_queue.orders.arn
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
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126Stream", Effect = "Allow", Action = ["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"], Resource = aws_kinesis_stream.clicks.arn },
      { Sid = "RC127Stream", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "stream" {
  function_name = "stream"
  role          = aws_iam_role.stream.arn
}

resource "aws_lambda_event_source_mapping" "stream" {
  function_name    = aws_lambda_function.stream.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_kinesis_stream_consumer" "fan_out" {
  name       = "fan-out"
  stream_arn = aws_kinesis_stream.clicks.arn
}

resource "aws_iam_role" "fan_out" {
  name = "fan_out"
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
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126FanOut", Effect = "Allow", Action = "kinesis:SubscribeToShard", Resource = aws_kinesis_stream_consumer.fan_out.arn },
      { Sid = "RC126FanOut2", Effect = "Allow", Action = ["kinesis:DescribeStream", "kinesis:ListShards"], Resource = aws_kinesis_stream.clicks.arn },
      { Sid = "RC127FanOut", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "fan_out" {
  function_name = "fan_out"
  role          = aws_iam_role.fan_out.arn
}

resource "aws_lambda_event_source_mapping" "fan_out" {
  function_name    = aws_lambda_function.fan_out.arn
  event_source_arn = aws_kinesis_stream_consumer.fan_out.arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  attribute {
    name = "id"
    type = "S"
  }
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
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126Table", Effect = "Allow", Action = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Resource = aws_dynamodb_table.orders.stream_arn },
      { Sid = "RC127Table", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
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
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}
