provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_sns_topic" "failed" {
  name = "failed"
}

resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_s3_bucket" "failed" {
  bucket = "failed-111122223333"
}

data "aws_iam_role" "next" {
  name = "next"
}

resource "aws_lambda_function" "next" {
  function_name = "next"
  role          = data.aws_iam_role.next.arn
}

resource "aws_iam_role" "to_queue" {
  name = "to_queue"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "to_queue" {
  role = aws_iam_role.to_queue.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127ToQueue", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "to_queue" {
  function_name = "to_queue"
  role          = aws_iam_role.to_queue.arn
}

resource "aws_lambda_function_event_invoke_config" "to_queue" {
  function_name = aws_lambda_function.to_queue.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_iam_role" "to_topic" {
  name = "to_topic"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "to_topic" {
  role = aws_iam_role.to_topic.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127ToTopic", Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "to_topic" {
  function_name = "to_topic"
  role          = aws_iam_role.to_topic.arn
}

resource "aws_lambda_function_event_invoke_config" "to_topic" {
  function_name = aws_lambda_function.to_topic.function_name
  destination_config {
    on_failure {
      destination = aws_sns_topic.failed.arn
    }
  }
}

resource "aws_iam_role" "to_bus" {
  name = "to_bus"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "to_bus" {
  role = aws_iam_role.to_bus.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127ToBus", Effect = "Allow", Action = "events:PutEvents", Resource = aws_cloudwatch_event_bus.shop.arn },
    ]
  })
}

resource "aws_lambda_function" "to_bus" {
  function_name = "to_bus"
  role          = aws_iam_role.to_bus.arn
}

resource "aws_lambda_function_event_invoke_config" "to_bus" {
  function_name = aws_lambda_function.to_bus.function_name
  destination_config {
    on_success {
      destination = aws_cloudwatch_event_bus.shop.arn
    }
  }
}

resource "aws_iam_role" "to_function" {
  name = "to_function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "to_function" {
  role = aws_iam_role.to_function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127ToFunction", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.next.arn },
    ]
  })
}

resource "aws_lambda_function" "to_function" {
  function_name = "to_function"
  role          = aws_iam_role.to_function.arn
}

resource "aws_lambda_function_event_invoke_config" "to_function" {
  function_name = aws_lambda_function.to_function.function_name
  destination_config {
    on_success {
      destination = aws_lambda_function.next.arn
    }
  }
}

resource "aws_iam_role" "to_bucket" {
  name = "to_bucket"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "to_bucket" {
  role = aws_iam_role.to_bucket.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127ToBucket", Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.failed.arn },
      { Sid = "RC127ToBucket2", Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.failed.arn}/*" },
    ]
  })
}

resource "aws_lambda_function" "to_bucket" {
  function_name = "to_bucket"
  role          = aws_iam_role.to_bucket.arn
}

resource "aws_lambda_function_event_invoke_config" "to_bucket" {
  function_name = aws_lambda_function.to_bucket.function_name
  destination_config {
    on_failure {
      destination = aws_s3_bucket.failed.arn
    }
  }
}
