provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name               = "app"
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
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_iam_role" "of_account" {
  name = "of_account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "firehose.amazonaws.com" }
      Condition = { StringEquals = { "sts:ExternalId" = "111122223333" } }
    }]
  })
}

resource "aws_iam_role_policy" "of_account" {
  role = aws_iam_role.of_account.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "${aws_lambda_function.orders.arn}:*" }]
  })
}

# Firehose presents the ID of its account.
resource "aws_kinesis_firehose_delivery_stream" "held" {
  name        = "held"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = aws_iam_role.of_account.arn
    bucket_arn = "arn:aws:s3:::records"
    processing_configuration {
      enabled = true
      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.orders.arn}:$LATEST"
        }
      }
    }
  }
}

resource "aws_iam_role" "processor" {
  name               = "processor"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "processor" {
  role = aws_iam_role.processor.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

resource "aws_iam_role" "bucket" {
  name               = "bucket"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" } }]
  })
}

# A role of the processor's own; one that is switched off calls nothing.
resource "aws_kinesis_firehose_delivery_stream" "own" {
  name        = "own"
  destination = "http_endpoint"
  http_endpoint_configuration {
    url = "https://example.com"
    s3_configuration {
      role_arn   = aws_iam_role.bucket.arn
      bucket_arn = "arn:aws:s3:::records"
    }
    processing_configuration {
      enabled = true
      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = aws_lambda_function.orders.arn
        }
        parameters {
          parameter_name  = "RoleArn"
          parameter_value = aws_iam_role.processor.arn
        }
      }
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "off" {
  name        = "off"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = aws_iam_role.bucket.arn
    bucket_arn = "arn:aws:s3:::records"
    processing_configuration {
      enabled = false
      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = aws_lambda_function.orders.arn
        }
      }
    }
  }
}
