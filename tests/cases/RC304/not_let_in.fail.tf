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

# expect aws_s3_bucket_notification.other_bucket: The bucket other-in cannot invoke orders
resource "aws_s3_bucket_notification" "other_bucket" {
  bucket = "other-in"
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "orders" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.orders.arn
}

# One of two functions is let in. The ARN of a bucket names no account, the statement another than the bucket's.
# expect aws_s3_bucket_notification.other_account: condition StringEquals AWS:SourceAccount wants 999988887777, the request has 111122223333
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_s3_bucket_notification" "other_account" {
  bucket = aws_s3_bucket.orders.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectRemoved:*"]
  }
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "other_account" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.thumbnails.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.orders.arn
  source_account = "999988887777"
}
