provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# expect aws_lambda_permission.bucket: takes arn:aws:s3:::uploads of any account
resource "aws_s3_bucket" "uploads" {
  bucket = "uploads"
}

resource "aws_lambda_permission" "bucket" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.uploads.arn
}

# expect aws_lambda_permission.buckets: takes arn:aws:s3:::uploads-* of any account
resource "aws_lambda_permission" "buckets" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::uploads-*"
}

# Whatever the bucket is, its ARN has no account.
# expect aws_lambda_permission.looked_up: data.aws_s3_bucket.mail.arn
data "aws_s3_bucket" "mail" {
  bucket = "mail"
}

resource "aws_lambda_permission" "looked_up" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = data.aws_s3_bucket.mail.arn
}

# expect aws_lambda_permission.rule: arn:aws:events:eu-west-1:*:rule/nightly
resource "aws_lambda_permission" "rule" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:*:rule/nightly"
}
