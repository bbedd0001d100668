provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "everywhere" {
  function_name = "everywhere"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# Of the organization's accounts one may be meant.
# expect aws_config_organization_custom_rule.everywhere: the rule is made in every account of the organization
resource "aws_config_organization_custom_rule" "everywhere" {
  name                = "everywhere"
  lambda_function_arn = aws_lambda_function.everywhere.arn
  trigger_types       = ["ConfigurationItemChangeNotification"]
}

resource "aws_lambda_permission" "everywhere" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.everywhere.function_name
  principal      = "config.amazonaws.com"
  source_account = "111122223333"
}
