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

resource "aws_sqs_queue" "orders" {
  name           = "orders"
}

# expect aws_lambda_event_source_mapping.queue: has no dead-letter queue
resource "aws_lambda_event_source_mapping" "queue" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

# expect aws_lambda_event_source_mapping.stream: has no on-failure destination: the records of a batch
# Fewer retries only lose the records sooner.
resource "aws_lambda_event_source_mapping" "stream" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  maximum_retry_attempts         = 3
  bisect_batch_on_function_error = true
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
}

# expect aws_lambda_event_source_mapping.table: the changes of a batch
resource "aws_lambda_event_source_mapping" "table" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_dynamodb_table.orders.stream_arn
  starting_position = "LATEST"
}

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
}

# expect aws_lambda_event_source_mapping.msk: Lambda goes on behind messages that fail
resource "aws_lambda_event_source_mapping" "msk" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_msk_cluster.orders.arn
  topics           = ["orders"]
}

# expect aws_lambda_event_source_mapping.kafka: Lambda goes on behind messages that fail
resource "aws_lambda_event_source_mapping" "kafka" {
  function_name    = aws_lambda_function.app.arn
  topics           = ["orders"]
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
}
