provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# expect aws_lambda_permission.topic: <aws_sns_topic.gone.arn>, which the configuration does not declare
resource "aws_lambda_permission" "topic" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.gone.arn
}

# expect aws_lambda_permission.api: which the configuration does not declare
resource "aws_lambda_permission" "api" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.gone.execution_arn}/*/*"
}
