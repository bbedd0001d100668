# expect aws_lambda_function.kafka: kafka, the execution role of kafka, may not
# expect aws_lambda_function.broker: broker, the execution role of broker, may not mq:DescribeBroker
# expect aws_lambda_function.documents: documents, the execution role of documents, may not rds:DescribeDBClusters
# The policies are for others of the kind, whose ARNs are known only in part.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
}

resource "aws_msk_cluster" "returns" {
  cluster_name           = "returns"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

resource "aws_mq_broker" "returns" {
  broker_name = "returns"
}

resource "aws_docdb_cluster" "orders" {
  cluster_identifier = "orders"
}

resource "aws_docdb_cluster" "returns" {
  cluster_identifier = "returns"
}

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
      { Effect = "Allow", Action = ["kafka:*"], Resource = aws_msk_cluster.returns.arn },
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "kafka" {
  function_name = "kafka"
  role          = aws_iam_role.kafka.arn
}

resource "aws_lambda_event_source_mapping" "kafka" {
  function_name    = aws_lambda_function.kafka.arn
  event_source_arn = aws_msk_cluster.orders.arn
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
      { Effect = "Allow", Action = ["mq:DescribeBroker"], Resource = aws_mq_broker.returns.arn },
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
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
      { Effect = "Allow", Action = ["rds:DescribeDBClusters"], Resource = aws_docdb_cluster.returns.arn },
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"], Resource = "*" },
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
