provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "tags" {
  function_name = "tags"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_config_config_rule" "tags" {
  name = "tags"
  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.tags.arn
    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }
  }
}

resource "aws_lambda_permission" "tags" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.tags.function_name
  principal     = "config.amazonaws.com"
  source_arn    = aws_config_config_rule.tags.arn
}

resource "aws_lambda_function" "keys" {
  function_name = "keys"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_config_config_rule" "keys" {
  name = "keys"
  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.keys.arn
    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }
  }
}

resource "aws_lambda_permission" "keys" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.keys.function_name
  principal      = "config.amazonaws.com"
  source_account = "111122223333"
}

# AWS's own rule calls no function of ours.
resource "aws_config_config_rule" "managed" {
  name = "managed"
  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }
}

# Every account of the organization.
resource "aws_lambda_function" "everywhere" {
  function_name = "everywhere"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_config_organization_custom_rule" "everywhere" {
  name                = "everywhere"
  lambda_function_arn = aws_lambda_function.everywhere.arn
  trigger_types       = ["ConfigurationItemChangeNotification"]
}

resource "aws_lambda_permission" "everywhere" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.everywhere.function_name
  principal     = "config.amazonaws.com"
}
