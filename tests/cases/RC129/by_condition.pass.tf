provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The policy that the console offers: no anonymous access, encrypted, through a mount target.
resource "aws_efs_file_system" "guarded" {
  creation_token = "guarded"
}

resource "aws_efs_access_point" "guarded" {
  file_system_id = aws_efs_file_system.guarded.id
}

resource "aws_efs_file_system_policy" "guarded" {
  file_system_id = aws_efs_file_system.guarded.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource  = aws_efs_file_system.guarded.arn
        Principal = { AWS = "*" }
        Condition = { Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }
      },
      {
        Effect    = "Deny"
        Action    = "*"
        Resource  = aws_efs_file_system.guarded.arn
        Principal = { AWS = "*" }
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_role" "guarded" {
  name = "guarded"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "guarded" {
  function_name = "guarded"
  role          = aws_iam_role.guarded.arn
  file_system_config {
    arn              = aws_efs_access_point.guarded.arn
    local_mount_path = "/mnt/data"
  }
}
