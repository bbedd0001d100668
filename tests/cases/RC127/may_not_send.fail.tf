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

# expect aws_lambda_function.dead_letters: may not sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:failures (dead-letter target)
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
      { Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.failures.arn },
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

# expect aws_lambda_function.on_failure: may not sns:Publish on arn:aws:sns:eu-west-1:111122223333:failures (on-failure destination)
resource "aws_iam_role" "on_failure" {
  name = "on-failure"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
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

# expect aws_lambda_function.bus: may not events:PutEvents
# The role may send to another bus.
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
      { Effect = "Allow", Action = "events:PutEvents", Resource = "arn:aws:events:eu-west-1:111122223333:event-bus/default" },
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

# expect aws_lambda_function.function: may not lambda:InvokeFunction
resource "aws_iam_role" "function" {
  name = "function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
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

# expect aws_lambda_function.bucket: may not s3:PutObject
# An object's ARN is not its bucket's.
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
      { Effect = "Allow", Action = "s3:PutObject", Resource = aws_s3_bucket.failures.arn },
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

# expect aws_lambda_function.service_let_in: may not sqs:SendMessage
# Lambda sends as the role, not as the service that the queue lets in.
resource "aws_iam_role" "service_let_in" {
  name = "service-let-in"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "service_let_in" {
  function_name = "service-let-in"
  role          = aws_iam_role.service_let_in.arn
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
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
