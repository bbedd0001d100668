provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "failures" {
  type = list(string)
}

# expect aws_lambda_function.uploads: not known
# As the module terraform-aws-modules/lambda writes it: perhaps no block comes of it.
resource "aws_iam_role" "uploads" {
  name = "uploads"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "uploads" {
  function_name = "uploads"
  role          = aws_iam_role.uploads.arn
  dynamic "dead_letter_config" {
    for_each = var.failures
    content {
      target_arn = dead_letter_config.value
    }
  }
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "orders-uploads"
  lambda_function {
    lambda_function_arn = aws_lambda_function.uploads.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
