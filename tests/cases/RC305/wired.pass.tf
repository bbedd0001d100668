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

resource "aws_sns_topic" "by_reference" {
  name = "by-reference"
}

resource "aws_sns_topic_subscription" "by_reference" {
  topic_arn = aws_sns_topic.by_reference.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "by_reference" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.by_reference.arn
}

# A topic that another stack made, and a statement that covers all topics of the account.
resource "aws_sns_topic_subscription" "written_out" {
  topic_arn = "arn:aws:sns:eu-west-1:111122223333:written-out"
  protocol  = "lambda"
  endpoint  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}

resource "aws_lambda_permission" "pattern" {
  action        = "lambda:InvokeFunction"
  function_name = "orders"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:*:111122223333:written-*"
}

# An alias needs the statement on the alias.
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "1"
}

resource "aws_sns_topic_subscription" "alias" {
  topic_arn = aws_sns_topic.by_reference.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_alias.live.arn
}

resource "aws_lambda_permission" "alias" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.by_reference.arn
}

# A topic whose name Terraform makes.
resource "aws_sns_topic" "unnamed" {}

resource "aws_sns_topic_subscription" "unnamed" {
  topic_arn = aws_sns_topic.unnamed.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "unnamed" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.arn
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.unnamed.arn
}

# Not a function.
resource "aws_sns_topic_subscription" "queue" {
  topic_arn = aws_sns_topic.unnamed.arn
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:eu-west-1:111122223333:queue"
}
