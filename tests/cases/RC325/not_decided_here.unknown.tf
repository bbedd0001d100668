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

variable "role_arn" {
  type = string
}

# expect aws_kinesis_firehose_delivery_stream.elsewhere: with a role that is not known here
resource "aws_kinesis_firehose_delivery_stream" "elsewhere" {
  name        = "elsewhere"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = var.role_arn
    bucket_arn = "arn:aws:s3:::records"
    processing_configuration {
      enabled = true
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

resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "caller" {
  role       = aws_iam_role.caller.name
  policy_arn = "arn:aws:iam::111122223333:policy/elsewhere"
}

# expect aws_kinesis_firehose_delivery_stream.attached: is not in this configuration
resource "aws_kinesis_firehose_delivery_stream" "attached" {
  name        = "attached"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = aws_iam_role.caller.arn
    bucket_arn = "arn:aws:s3:::records"
    processing_configuration {
      enabled = true
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
