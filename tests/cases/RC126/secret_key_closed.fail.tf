# expect aws_lambda_function.broker: may not kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/NAME (the secret's key)
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

resource "aws_kms_key" "login" {}

resource "aws_secretsmanager_secret" "login" {
  name       = "login"
  kms_key_id = aws_kms_key.login.arn
}

resource "aws_iam_role" "broker" {
  name = "broker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "broker" {
  role = aws_iam_role.broker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["mq:DescribeBroker", "secretsmanager:GetSecretValue", "ec2:*"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "broker" {
  function_name = "broker"
  role          = aws_iam_role.broker.arn
}

resource "aws_lambda_event_source_mapping" "broker" {
  function_name    = aws_lambda_function.broker.arn
  event_source_arn = aws_mq_broker.orders.arn
  queues           = ["orders"]
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.login.arn
  }
}
