provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# Without a policy of its own a file system lets every client in.
resource "aws_efs_file_system" "open" {
  creation_token = "open"
}

resource "aws_efs_access_point" "open" {
  file_system_id = aws_efs_file_system.open.id
}

resource "aws_iam_role" "open" {
  name = "open"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "open" {
  function_name = "open"
  role          = aws_iam_role.open.arn
  file_system_config {
    arn              = aws_efs_access_point.open.arn
    local_mount_path = "/mnt/data"
  }
}

resource "aws_efs_file_system" "by_policy" {
  creation_token = "by-policy"
}

resource "aws_efs_access_point" "by_policy" {
  file_system_id = aws_efs_file_system.by_policy.id
}

resource "aws_efs_file_system_policy" "by_policy" {
  file_system_id = aws_efs_file_system.by_policy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.by_policy.arn
      Principal = { AWS = aws_iam_role.by_policy.arn }
    }]
  })
}

resource "aws_iam_role" "by_policy" {
  name = "by-policy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "by_policy" {
  function_name = "by-policy"
  role          = aws_iam_role.by_policy.arn
  file_system_config {
    arn              = aws_efs_access_point.by_policy.arn
    local_mount_path = "/mnt/data"
  }
}

# The policy lets another role in, and this one's own policies allow it too.
resource "aws_efs_file_system" "by_role" {
  creation_token = "by-role"
}

resource "aws_efs_access_point" "by_role" {
  file_system_id = aws_efs_file_system.by_role.id
}

resource "aws_efs_file_system_policy" "by_role" {
  file_system_id = aws_efs_file_system.by_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.by_role.arn
      Principal = { AWS = "arn:aws:iam::111122223333:role/ops" }
    }]
  })
}

resource "aws_iam_role" "by_role" {
  name = "by-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "by_role" {
  role = aws_iam_role.by_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], Resource = aws_efs_file_system.by_role.arn },
    ]
  })
}

resource "aws_lambda_function" "by_role" {
  function_name = "by-role"
  role          = aws_iam_role.by_role.arn
  file_system_config {
    arn              = aws_efs_access_point.by_role.arn
    local_mount_path = "/mnt/data"
  }
}

# Whatever the policy of the file system is, AWS's own policy allows the mount.
resource "aws_iam_role" "elsewhere" {
  name = "elsewhere"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "elsewhere" {
  role       = aws_iam_role.elsewhere.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess"
}

resource "aws_lambda_function" "elsewhere" {
  function_name = "elsewhere"
  role          = aws_iam_role.elsewhere.arn
  file_system_config {
    arn              = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0123456789abcdef0"
    local_mount_path = "/mnt/data"
  }
}

resource "aws_iam_role" "mounts_nothing" {
  name = "mounts-nothing"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "mounts_nothing" {
  function_name = "mounts-nothing"
  role          = aws_iam_role.mounts_nothing.arn
}
