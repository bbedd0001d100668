provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The key of a cluster's storage is the cluster's own affair: Lambda signs in and reads, and decrypts nothing.
resource "aws_kms_key" "storage" {}

resource "aws_docdb_cluster" "orders" {
  cluster_identifier = "orders"
  storage_encrypted  = true
  kms_key_id         = aws_kms_key.storage.arn
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
