provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The permission was given by hand to one account, and this one is another.
# expect aws_cloudwatch_log_account_policy.errors: cannot invoke errors
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
  source_account = "444455556666"
}
