provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}

resource "aws_sqs_queue" "failures" {
  name           = "failures"
}

resource "aws_sqs_queue" "orders" {
  name           = "orders"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failures.arn, maxReceiveCount = 5 })
}

resource "aws_lambda_event_source_mapping" "queue" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

# The dead-letter queue as a resource of its own.
resource "aws_sqs_queue" "mails" {
  name           = "mails"
}

resource "aws_sqs_queue_redrive_policy" "mails" {
  queue_url      = aws_sqs_queue.mails.id
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failures.arn, maxReceiveCount = 3 })
}

resource "aws_lambda_event_source_mapping" "by_resource" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_sqs_queue.mails.arn
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

resource "aws_lambda_event_source_mapping" "stream" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
}

resource "aws_lambda_event_source_mapping" "table" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_dynamodb_table.orders.stream_arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "kafka" {
  function_name    = aws_lambda_function.app.arn
  topics           = ["orders"]
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

# For a broker Lambda has no destination to ask for.
resource "aws_lambda_event_source_mapping" "broker" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_mq_broker.orders.arn
  queues           = ["orders"]
}
