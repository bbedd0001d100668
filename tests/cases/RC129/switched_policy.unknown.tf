provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "guarded" {
  type = bool
}

# Whether the file system has a policy depends on a variable.
resource "aws_efs_file_system" "switched" {
  creation_token = "switched"
}

resource "aws_efs_access_point" "switched" {
  file_system_id = aws_efs_file_system.switched.id
}

resource "aws_efs_file_system_policy" "switched" {
  count          = var.guarded ? 1 : 0
  file_system_id = aws_efs_file_system.switched.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.switched.arn
      Principal = { AWS = "arn:aws:iam::111122223333:role/ops" }
    }]
  })
}

# expect aws_lambda_function.switched: not known
resource "aws_iam_role" "switched" {
  name = "switched"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "switched" {
  function_name = "switched"
  role          = aws_iam_role.switched.arn
  file_system_config {
    arn              = aws_efs_access_point.switched.arn
    local_mount_path = "/mnt/data"
  }
}
