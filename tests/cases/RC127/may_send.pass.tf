provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failures" {
  name = "failures"
}

resource "aws_sns_topic" "failures" {
  name = "failures"
}

resource "aws_cloudwatch_event_bus" "results" {
  name = "results"
}

resource "aws_s3_bucket" "failures" {
  bucket = "orders-failures"
}

resource "aws_iam_role" "dead_letters" {
  name = "dead-letters"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "dead_letters" {
  role = aws_iam_role.dead_letters.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failures.arn },
    ]
  })
}

resource "aws_lambda_function" "dead_letters" {
  function_name = "dead-letters"
  role          = aws_iam_role.dead_letters.arn
  dead_letter_config {
    target_arn = aws_sqs_queue.failures.arn
  }
}

resource "aws_iam_role" "on_failure" {
  name = "on-failure"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "on_failure" {
  role = aws_iam_role.on_failure.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.failures.arn },
    ]
  })
}

resource "aws_lambda_function" "on_failure" {
  function_name = "on-failure"
  role          = aws_iam_role.on_failure.arn
}

resource "aws_lambda_function_event_invoke_config" "on_failure" {
  function_name = aws_lambda_function.on_failure.function_name
  destination_config {
    on_failure {
      destination = aws_sns_topic.failures.arn
    }
  }
}

resource "aws_iam_role" "bus" {
  name = "bus"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "bus" {
  role = aws_iam_role.bus.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "events:PutEvents", Resource = aws_cloudwatch_event_bus.results.arn },
    ]
  })
}

resource "aws_lambda_function" "bus" {
  function_name = "bus"
  role          = aws_iam_role.bus.arn
}

resource "aws_lambda_function_event_invoke_config" "bus" {
  function_name = aws_lambda_function.bus.function_name
  destination_config {
    on_success {
      destination = aws_cloudwatch_event_bus.results.arn
    }
  }
}

resource "aws_iam_role" "function" {
  name = "function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "function" {
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.bus.arn },
    ]
  })
}

resource "aws_lambda_function" "function" {
  function_name = "function"
  role          = aws_iam_role.function.arn
}

resource "aws_lambda_function_event_invoke_config" "function" {
  function_name = aws_lambda_function.function.function_name
  destination_config {
    on_success {
      destination = aws_lambda_function.bus.arn
    }
  }
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

# The mapping of a stream keeps whole batches in a bucket.
resource "aws_iam_role" "bucket" {
  name = "bucket"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "bucket" {
  role = aws_iam_role.bucket.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.failures.arn },
      { Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.failures.arn}/*" },
    ]
  })
}

resource "aws_lambda_function" "bucket" {
  function_name = "bucket"
  role          = aws_iam_role.bucket.arn
}

resource "aws_lambda_event_source_mapping" "bucket" {
  function_name    = aws_lambda_function.bucket.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = aws_s3_bucket.failures.arn
    }
  }
}

# The queue's own policy lets the role in; the role's own policies say nothing of it.
resource "aws_iam_role" "by_queue_policy" {
  name = "by-queue-policy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "by_queue_policy" {
  function_name = "by-queue-policy"
  role          = aws_iam_role.by_queue_policy.arn
  dead_letter_config {
    target_arn = aws_sqs_queue.open.arn
  }
}

resource "aws_sqs_queue" "open" {
  name = "open"
}

resource "aws_sqs_queue_policy" "open" {
  queue_url = aws_sqs_queue.open.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.open.arn
      Principal = { AWS = aws_iam_role.by_queue_policy.arn }
    }]
  })
}
