provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

# expect aws_lambda_function.queue: may not sqs:DeleteMessage on arn:aws:sqs:eu-west-1:111122223333:orders
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
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.orders.arn },
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

# expect aws_lambda_function.other_queue: may not sqs:ReceiveMessage
# The role may read another queue.
resource "aws_iam_role" "other_queue" {
  name = "other-queue"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "other_queue" {
  role = aws_iam_role.other_queue.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = "arn:aws:sqs:eu-west-1:111122223333:mails" },
    ]
  })
}

resource "aws_lambda_function" "other_queue" {
  function_name = "other-queue"
  role          = aws_iam_role.other_queue.arn
}

resource "aws_lambda_event_source_mapping" "other_queue" {
  function_name    = aws_lambda_function.other_queue.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

resource "aws_kms_key" "orders" {}

resource "aws_sqs_queue" "encrypted" {
  name              = "encrypted"
  kms_master_key_id = aws_kms_key.orders.arn
}

# expect aws_lambda_function.encrypted: may not kms:Decrypt
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

# A key policy without the account makes the role's own policies count for nothing.
resource "aws_kms_key" "closed" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::111122223333:role/keeper" } }]
  })
}

resource "aws_sqs_queue" "closed" {
  name              = "closed"
  kms_master_key_id = aws_kms_key.closed.arn
}

# expect aws_lambda_function.closed: may not kms:Decrypt
resource "aws_iam_role" "closed" {
  name = "closed"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "closed" {
  role = aws_iam_role.closed.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.closed.arn },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "closed" {
  function_name = "closed"
  role          = aws_iam_role.closed.arn
}

resource "aws_lambda_event_source_mapping" "closed" {
  function_name    = aws_lambda_function.closed.arn
  event_source_arn = aws_sqs_queue.closed.arn
}

# expect aws_lambda_function.fan_out: may not kinesis:SubscribeToShard on arn:aws:kinesis:eu-west-1:111122223333:stream/clicks/consumer/fan-out:1700000000
resource "aws_iam_role" "fan_out" {
  name = "fan-out"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "fan_out" {
  role       = aws_iam_role.fan_out.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
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

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

# expect aws_lambda_function.stream: kinesis:ListShards
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
      { Effect = "Allow", Action = ["kinesis:GetRecords", "kinesis:GetShardIterator"], Resource = aws_kinesis_stream.clicks.arn },
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

# expect aws_lambda_function.table: may not dynamodb:DescribeStream
# The table is allowed, and its stream is not the table.
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
      { Effect = "Allow", Action = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Resource = aws_dynamodb_table.orders.arn },
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

# expect aws_lambda_function.msk: to reach the source's VPC
resource "aws_iam_role" "msk" {
  name = "msk"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "msk" {
  role = aws_iam_role.msk.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"], Resource = aws_msk_cluster.orders.arn },
    ]
  })
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

# expect aws_lambda_function.kafka: may not secretsmanager:GetSecretValue
resource "aws_iam_role" "kafka" {
  name = "kafka"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "kafka" {
  role       = aws_iam_role.kafka.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
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

# expect aws_lambda_function.kafka_in_vpc: to reach the source's VPC
resource "aws_iam_role" "kafka_in_vpc" {
  name = "kafka-in-vpc"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "kafka_in_vpc" {
  role = aws_iam_role.kafka_in_vpc.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.kafka.arn },
    ]
  })
}

resource "aws_lambda_function" "kafka_in_vpc" {
  function_name = "kafka-in-vpc"
  role          = aws_iam_role.kafka_in_vpc.arn
}

resource "aws_lambda_event_source_mapping" "kafka_in_vpc" {
  function_name    = aws_lambda_function.kafka_in_vpc.arn
  topics           = ["orders"]
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:subnet-0123456789abcdef0"
  }
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.kafka.arn
  }
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

# expect aws_lambda_function.broker: may not mq:DescribeBroker
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
}

resource "aws_docdb_cluster" "orders" {
  cluster_identifier = "orders"
}

# expect aws_lambda_function.documents: may not rds:DescribeDBClusters
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
}
