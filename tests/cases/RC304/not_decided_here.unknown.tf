provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

variable "bucket" {}

variable "functions" {
  default = []
}

# expect aws_s3_bucket_notification.variable: the request has arn:aws:s3:::<var.bucket has no known value>
resource "aws_s3_bucket_notification" "variable" {
  bucket = var.bucket
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders-in"
}

# expect aws_s3_bucket_notification.dynamic: a dynamic lambda_function block of aws_s3_bucket_notification.dynamic
resource "aws_s3_bucket_notification" "dynamic" {
  bucket = "orders-in"
  dynamic "lambda_function" {
    for_each = var.functions
    content {
      lambda_function_arn = lambda_function.value
      events              = ["s3:ObjectCreated:*"]
    }
  }
}
