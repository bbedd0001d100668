provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_efs_file_system" "other_role" {
  creation_token = "other-role"
}

resource "aws_efs_access_point" "other_role" {
  file_system_id = aws_efs_file_system.other_role.id
}

resource "aws_efs_file_system_policy" "other_role" {
  file_system_id = aws_efs_file_system.other_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.other_role.arn
      Principal = { AWS = "arn:aws:iam::111122223333:role/ops" }
    }]
  })
}

# expect aws_lambda_function.other_role: may not elasticfilesystem:ClientMount
resource "aws_iam_role" "other_role" {
  name = "other-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "other_role" {
  function_name = "other-role"
  role          = aws_iam_role.other_role.arn
  file_system_config {
    arn              = aws_efs_access_point.other_role.arn
    local_mount_path = "/mnt/data"
  }
}

resource "aws_efs_file_system" "write_only" {
  creation_token = "write-only"
}

resource "aws_efs_access_point" "write_only" {
  file_system_id = aws_efs_file_system.write_only.id
}

resource "aws_efs_file_system_policy" "write_only" {
  file_system_id = aws_efs_file_system.write_only.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "elasticfilesystem:ClientWrite"
      Resource  = aws_efs_file_system.write_only.arn
      Principal = { AWS = aws_iam_role.write_only.arn }
    }]
  })
}

# expect aws_lambda_function.write_only: every invocation fails when it mounts
resource "aws_iam_role" "write_only" {
  name = "write-only"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "write_only" {
  function_name = "write-only"
  role          = aws_iam_role.write_only.arn
  file_system_config {
    arn              = aws_efs_access_point.write_only.arn
    local_mount_path = "/mnt/data"
  }
}
