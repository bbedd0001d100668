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

resource "aws_s3_bucket" "orders" {
  bucket = "orders-in"
}

resource "aws_s3_bucket_notification" "orders" {
  bucket = aws_s3_bucket.orders.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "orders" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.arn
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.orders.arn
  source_account = "111122223333"
}

# Held to the account only, as SAM does it.
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_s3_bucket" "unnamed" {}

resource "aws_s3_bucket_notification" "two" {
  bucket = aws_s3_bucket.unnamed.bucket
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_suffix       = ".png"
  }
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectRemoved:*"]
  }
  queue {
    queue_arn = "arn:aws:sqs:eu-west-1:111122223333:queue"
    events    = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "account" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.thumbnails.function_name
  principal      = "s3.amazonaws.com"
  source_account = "111122223333"
}
