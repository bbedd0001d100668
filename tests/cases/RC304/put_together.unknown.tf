# expect aws_s3_bucket_notification.uploads: has no known value
# Checkov puts a local whose condition it cannot decide into a text as it is written.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_partition" "current" {}

variable "enabled" {
  type = bool
}

variable "bucket" {
  type = string
}

locals {
  arn = var.enabled ? "arn:${data.aws_partition.current.partition}" : ""
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = var.bucket
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "uploads" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "${local.arn}:s3:::${var.bucket}"
}
