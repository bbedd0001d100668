provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
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
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

# expect aws_sns_topic_subscription.no_statement: The SNS topic other cannot invoke orders: statement 0 (aws_lambda_permission.orders) of the policy of orders
resource "aws_sns_topic_subscription" "no_statement" {
  topic_arn = "arn:aws:sns:eu-west-1:111122223333:other"
  protocol  = "lambda"
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

# expect aws_sns_topic_subscription.alias: Statements for the function itself do not cover this
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "1"
}

resource "aws_sns_topic_subscription" "alias" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_alias.live.arn
}

# expect aws_sns_topic_subscription.wrong_principal: admits s3.amazonaws.com only
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_sns_topic_subscription" "wrong_principal" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "wrong_principal" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

# expect aws_sns_topic_subscription.wrong_action: covers lambda:GetFunction, not lambda:InvokeFunction
resource "aws_lambda_function" "audit" {
  function_name = "audit"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_sns_topic_subscription" "wrong_action" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.audit.arn
}

resource "aws_lambda_permission" "wrong_action" {
  action        = "lambda:GetFunction"
  function_name = aws_lambda_function.audit.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

# expect aws_sns_topic_subscription.nothing: its policy has no statement
resource "aws_lambda_function" "bare" {
  function_name = "bare"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_sns_topic_subscription" "nothing" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.bare.arn
}
