provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_lambda_permission" "topic" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

resource "aws_lambda_permission" "api" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/*"
}

# CloudWatch Logs goes by a principal of the region as well.
resource "aws_lambda_permission" "logs" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "logs.eu-west-1.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:/shop:*"
}

resource "aws_lambda_permission" "alarm" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "lambda.alarms.cloudwatch.amazonaws.com"
  source_arn    = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"
}

resource "aws_lambda_permission" "lex" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "lexv2.amazonaws.com"
  source_arn    = "arn:aws:lex:eu-west-1:111122223333:bot-alias/BOT/ALIAS"
}

resource "aws_lambda_permission" "china" {
  function_name  = "app"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com.cn"
  source_arn     = "arn:aws-cn:s3:::uploads"
  source_account = "111122223333"
}

resource "aws_lambda_permission" "skill" {
  function_name      = "app"
  action             = "lambda:InvokeFunction"
  principal          = "alexa-appkit.amazon.com"
  event_source_token = "amzn1.ask.skill.1"
}

resource "aws_lambda_permission" "account" {
  function_name = "app"
  action        = "lambda:InvokeFunction"
  principal     = "444455556666"
}
