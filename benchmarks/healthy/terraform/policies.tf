provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# Every way to give a role what it needs.
data "aws_iam_policy_document" "network" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "network" {
  name                = "network"
  assume_role_policy  = data.aws_iam_policy_document.network.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]
}

resource "aws_lambda_function" "network" {
  function_name = "network"
  role          = aws_iam_role.network.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

# An inline block, with a group of its own.
resource "aws_iam_role" "inline" {
  name               = "inline"
  assume_role_policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
}
EOT
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Sid = "RC124Inline", Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
        { Sid = "RC128Inline", Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "*" },
      ]
    })
  }
}

resource "aws_lambda_function" "inline" {
  function_name = "inline"
  role          = aws_iam_role.inline.arn
  tracing_config {
    mode = "Active"
  }
}

# A customer's policy, attached; its document made of two data sources.
resource "aws_iam_role" "mount" {
  name               = "mount"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "RC124Mount"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.mount.arn}:*"]
  }
}

data "aws_iam_policy_document" "mount" {
  source_policy_documents = [data.aws_iam_policy_document.logs.json]
  statement {
    sid       = "RC129Mount"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.files.arn]
  }
  statement {
    sid       = "RC125Mount"
    actions   = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "mount" {
  name   = "mount"
  policy = data.aws_iam_policy_document.mount.json
}

resource "aws_iam_policy_attachment" "rc124_rc125_rc129_mount" {
  name       = "mount"
  roles      = [aws_iam_role.mount.name]
  policy_arn = aws_iam_policy.mount.arn
}

resource "aws_cloudwatch_log_group" "mount" {
  name = "/aws/lambda/mount"
}

resource "aws_efs_file_system" "files" {}

resource "aws_efs_file_system_policy" "files" {
  file_system_id = aws_efs_file_system.files.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "elasticfilesystem:*", Principal = { AWS = "arn:aws:iam::111122223333:role/backup" }, Resource = "*" }]
  })
}

resource "aws_efs_access_point" "files" {
  file_system_id = aws_efs_file_system.files.id
}

resource "aws_lambda_function" "mount" {
  function_name = "mount"
  role          = aws_iam_role.mount.arn
  file_system_config {
    arn              = aws_efs_access_point.files.arn
    local_mount_path = "/mnt/files"
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

# The exclusive list of what is attached.
resource "aws_iam_role" "listed" {
  name               = "listed"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachments_exclusive" "rc124_rc128_listed" {
  role_name = aws_iam_role.listed.name
  policy_arns = [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
  ]
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
  tracing_config {
    mode = "Active"
  }
}

# One attachment for each policy of a list.
resource "aws_iam_role" "each" {
  name               = "each"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "rc124_rc128_each" {
  for_each   = toset(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"])
  role       = aws_iam_role.each.name
  policy_arn = each.value
}

resource "aws_lambda_function" "each" {
  function_name = "each"
  role          = aws_iam_role.each.arn
  tracing_config {
    mode = "Active"
  }
}

# CloudFront runs this function.
resource "aws_iam_role" "edge" {
  name               = "edge"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "edgelambda.amazonaws.com" } },
    ]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
}

resource "aws_lambda_function" "edge" {
  function_name = "edge"
  role          = aws_iam_role.edge.arn
  publish       = true
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = aws_lambda_function.edge.qualified_arn
    }
  }
}
