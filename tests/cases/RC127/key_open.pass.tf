provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_kms_key" "failures" {}

resource "aws_kms_alias" "failures" {
  name          = "alias/failures"
  target_key_id = aws_kms_key.failures.key_id
}

resource "aws_sqs_queue" "failures" {
  name              = "failures"
  kms_master_key_id = aws_kms_key.failures.arn
}

resource "aws_sns_topic" "failures" {
  name              = "failures"
  kms_master_key_id = aws_kms_alias.failures.name
}

resource "aws_s3_bucket" "failures" {
  bucket = "failures-of-orders"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "failures" {
  bucket = aws_s3_bucket.failures.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.failures.arn
    }
  }
}

resource "aws_iam_role" "queued" {
  name = "queued"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "queued" {
  role = aws_iam_role.queued.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" },
      { Effect = "Allow", Action = ["kms:GenerateDataKey", "kms:Decrypt"], Resource = aws_kms_key.failures.arn },
    ]
  })
}

resource "aws_lambda_function" "queued" {
  function_name = "queued"
  role          = aws_iam_role.queued.arn
  dead_letter_config {
    target_arn = aws_sqs_queue.failures.arn
  }
}

resource "aws_iam_role" "published" {
  name = "published"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "published" {
  role = aws_iam_role.published.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sns:Publish", Resource = "*" },
      { Effect = "Allow", Action = ["kms:GenerateDataKey", "kms:Decrypt"], Resource = aws_kms_key.failures.arn },
    ]
  })
}

resource "aws_lambda_function" "published" {
  function_name = "published"
  role          = aws_iam_role.published.arn
  dead_letter_config {
    target_arn = aws_sns_topic.failures.arn
  }
}

resource "aws_iam_role" "stored" {
  name = "stored"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "stored" {
  role = aws_iam_role.stored.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:PutObject", "s3:ListBucket"], Resource = "*" },
      { Effect = "Allow", Action = ["kms:GenerateDataKey", "kms:Decrypt"], Resource = aws_kms_key.failures.arn },
    ]
  })
}

resource "aws_lambda_function" "stored" {
  function_name = "stored"
  role          = aws_iam_role.stored.arn
}

resource "aws_lambda_function_event_invoke_config" "stored" {
  function_name = aws_lambda_function.stored.function_name
  destination_config {
    on_failure {
      destination = aws_s3_bucket.failures.arn
    }
  }
}
