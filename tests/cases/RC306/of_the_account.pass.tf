provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "errors" {
  function_name = "errors"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_cloudwatch_log_account_policy" "errors" {
  policy_name = "errors"
  policy_type = "SUBSCRIPTION_FILTER_POLICY"
  policy_document = jsonencode({
    DestinationArn = aws_lambda_function.errors.arn
    FilterPattern  = "ERROR"
  })
  selection_criteria = "LogGroupName NOT IN [\"/aws/lambda/errors\"]"
}

resource "aws_lambda_permission" "errors" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.errors.function_name
  principal      = "logs.amazonaws.com"
  source_arn     = "arn:aws:logs:eu-west-1:111122223333:log-group:*"
  source_account = "111122223333"
}

# Not a subscription.
resource "aws_cloudwatch_log_account_policy" "mask" {
  policy_name     = "mask"
  policy_type     = "DATA_PROTECTION_POLICY"
  policy_document = jsonencode({ Name = "mask", Version = "2021-06-01", Statement = [] })
}
