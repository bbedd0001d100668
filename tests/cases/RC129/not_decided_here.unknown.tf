provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "access_point" {
  type = string
}

# expect aws_lambda_function.elsewhere: the file system of <var.access_point
resource "aws_iam_role" "elsewhere" {
  name = "elsewhere"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "elsewhere" {
  function_name = "elsewhere"
  role          = aws_iam_role.elsewhere.arn
  file_system_config {
    arn              = var.access_point
    local_mount_path = "/mnt/data"
  }
}

resource "aws_efs_file_system" "file" {
  creation_token = "file"
}

resource "aws_efs_access_point" "file" {
  file_system_id = aws_efs_file_system.file.id
}

resource "aws_efs_file_system_policy" "file" {
  file_system_id = aws_efs_file_system.file.id
  policy         = file("file-system.json")
}

# expect aws_lambda_function.file: is not known
resource "aws_iam_role" "file" {
  name = "file"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "file" {
  function_name = "file"
  role          = aws_iam_role.file.arn
  file_system_config {
    arn              = aws_efs_access_point.file.arn
    local_mount_path = "/mnt/data"
  }
}
