provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
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
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.orders.arn },
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

# AWS's own policy for the kind of source.
resource "aws_iam_role" "managed" {
  name = "managed"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.managed.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
}

resource "aws_lambda_function" "managed" {
  function_name = "managed"
  role          = aws_iam_role.managed.arn
}

resource "aws_lambda_event_source_mapping" "managed" {
  function_name    = aws_lambda_function.managed.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

# With a customer's key on the queue the role decrypts as well; the key policy is the default one.
resource "aws_kms_key" "orders" {}

resource "aws_sqs_queue" "encrypted" {
  name              = "encrypted"
  kms_master_key_id = aws_kms_key.orders.arn
}

resource "aws_iam_role" "encrypted" {
  name = "encrypted"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "encrypted" {
  role = aws_iam_role.encrypted.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.encrypted.arn },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.orders.arn },
    ]
  })
}

resource "aws_lambda_function" "encrypted" {
  function_name = "encrypted"
  role          = aws_iam_role.encrypted.arn
}

resource "aws_lambda_event_source_mapping" "encrypted" {
  function_name    = aws_lambda_function.encrypted.arn
  event_source_arn = aws_sqs_queue.encrypted.arn
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
      { Effect = "Allow", Action = ["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"], Resource = aws_kinesis_stream.clicks.arn },
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
}

# A consumer with fan-out is subscribed to; the stream is not read.
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
      { Effect = "Allow", Action = "kinesis:SubscribeToShard", Resource = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks/consumer/fan-out:1700000000" },
      { Effect = "Allow", Action = ["kinesis:DescribeStreamSummary", "kinesis:ListShards"], Resource = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks" },
    ]
  })
}

resource "aws_lambda_function" "fan_out" {
  function_name = "fan-out"
  role          = aws_iam_role.fan_out.arn
}

resource "aws_lambda_event_source_mapping" "fan_out" {
  function_name    = aws_lambda_function.fan_out.arn
  event_source_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks/consumer/fan-out:1700000000"
  starting_position = "LATEST"
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
      { Effect = "Allow", Action = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Resource = aws_dynamodb_table.orders.stream_arn },
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

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
}

resource "aws_iam_role" "msk" {
  name = "msk"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "msk" {
  role       = aws_iam_role.msk.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaMSKExecutionRole"
}

resource "aws_lambda_function" "msk" {
  function_name = "msk"
  role          = aws_iam_role.msk.arn
}

resource "aws_lambda_event_source_mapping" "msk" {
  function_name    = aws_lambda_function.msk.arn
  event_source_arn = aws_msk_cluster.orders.arn
  topics           = ["orders"]
}

resource "aws_secretsmanager_secret" "kafka" {
  name = "kafka"
}

# Brokers on the internet: no network interface, only the secret.
resource "aws_iam_role" "kafka" {
  name = "kafka"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "kafka" {
  role = aws_iam_role.kafka.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.kafka.arn },
    ]
  })
}

resource "aws_lambda_function" "kafka" {
  function_name = "kafka"
  role          = aws_iam_role.kafka.arn
}

resource "aws_lambda_event_source_mapping" "kafka" {
  function_name    = aws_lambda_function.kafka.arn
  topics           = ["orders"]
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.kafka.arn
  }
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

resource "aws_iam_role" "broker" {
  name = "broker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "broker" {
  role = aws_iam_role.broker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "mq:DescribeBroker", Resource = aws_mq_broker.orders.arn },
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.kafka.arn },
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "broker" {
  function_name = "broker"
  role          = aws_iam_role.broker.arn
}

resource "aws_lambda_event_source_mapping" "broker" {
  function_name    = aws_lambda_function.broker.arn
  event_source_arn = aws_mq_broker.orders.arn
  queues           = ["orders"]
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.kafka.arn
  }
}

resource "aws_docdb_cluster" "orders" {
  cluster_identifier = "orders"
}

resource "aws_iam_role" "documents" {
  name = "documents"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "documents" {
  role = aws_iam_role.documents.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["rds:DescribeDBClusters", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"], Resource = "*" },
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.kafka.arn },
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "documents" {
  function_name = "documents"
  role          = aws_iam_role.documents.arn
}

resource "aws_lambda_event_source_mapping" "documents" {
  function_name    = aws_lambda_function.documents.arn
  event_source_arn = aws_docdb_cluster.orders.arn
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.kafka.arn
  }
}

# No source: nothing is asked of the role.
resource "aws_iam_role" "not_polled" {
  name = "not-polled"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "not_polled" {
  function_name = "not-polled"
  role          = aws_iam_role.not_polled.arn
}
