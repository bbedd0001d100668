provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "failures" {
  type = list(string)
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

# expect aws_lambda_event_source_mapping.dynamic: not known
resource "aws_lambda_event_source_mapping" "dynamic" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  dynamic "destination_config" {
    for_each = var.failures
    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }
}
