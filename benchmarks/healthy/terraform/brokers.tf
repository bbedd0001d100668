provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_secretsmanager_secret" "login" {
  name = "login"
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

resource "aws_iam_role_policy" "msk" {
  role = aws_iam_role.msk.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126Msk", Effect = "Allow", Action = ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"], Resource = aws_msk_cluster.orders.arn },
      { Sid = "RC126Msk2", Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
      { Sid = "RC127Msk", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
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
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_iam_role" "brokers" {
  name = "brokers"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "brokers" {
  role = aws_iam_role.brokers.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC126Brokers", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.login.arn },
      { Sid = "RC127Brokers", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "brokers" {
  function_name = "brokers"
  role          = aws_iam_role.brokers.arn
}

resource "aws_lambda_event_source_mapping" "brokers" {
  function_name     = aws_lambda_function.brokers.arn
  topics            = ["orders"]
  starting_position = "LATEST"
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.login.arn
  }
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
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
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
      { Sid = "RC126Broker", Effect = "Allow", Action = "mq:DescribeBroker", Resource = aws_mq_broker.orders.arn },
      { Sid = "RC126Broker2", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.login.arn },
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
    uri  = aws_secretsmanager_secret.login.arn
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
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"], Resource = "*" },
      { Sid = "RC126Documents", Effect = "Allow", Action = "rds:DescribeDBClusters", Resource = aws_docdb_cluster.orders.arn },
      { Sid = "RC126Documents2", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.login.arn },
      { Sid = "RC126Documents3", Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
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
  starting_position = "LATEST"
  document_db_event_source_config {
    database_name = "orders"
  }
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.login.arn
  }
}
