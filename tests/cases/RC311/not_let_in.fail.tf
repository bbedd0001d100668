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

# The rule is made in another account than the permission says.
# expect aws_config_config_rule.tags: wants 444455556666, the request has 111122223333
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
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.tags.function_name
  principal      = "config.amazonaws.com"
  source_account = "444455556666"
}

resource "aws_lambda_function" "everywhere" {
  function_name = "everywhere"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# expect aws_config_organization_custom_rule.everywhere: its policy has no statement
resource "aws_config_organization_custom_rule" "everywhere" {
  name                = "everywhere"
  lambda_function_arn = aws_lambda_function.everywhere.arn
  trigger_types       = ["ConfigurationItemChangeNotification"]
}
