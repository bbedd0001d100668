# A small shop. Some of it is wired wrongly, as it happens to real teams.

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:eu-west-1:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/shop-*"]
  }
}

# Takes orders from the API. Healthy.

resource "aws_iam_role" "orders" {
  name = "shop-orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "orders_logs" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.logs.json
}

module "orders" {
  source   = "./function"
  name     = "shop-orders"
  role_arn = aws_iam_role.orders.arn
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_lambda_permission" "orders_from_api" {
  action        = "lambda:InvokeFunction"
  function_name = module.orders.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/POST/orders"
}

# Packs the orders in the queue. Healthy.

resource "aws_iam_role" "packing" {
  name               = "shop-packing"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "packing_logs" {
  role   = aws_iam_role.packing.name
  policy = data.aws_iam_policy_document.logs.json
}

module "packing" {
  source   = "./function"
  name     = "shop-packing"
  role_arn = aws_iam_role.packing.arn
}

resource "aws_sqs_queue" "packing" {
  name = "shop-packing"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.unpacked_orders.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "unpacked_orders" {
  name = "shop-unpacked-orders"
}

resource "aws_iam_role_policy" "packing_queue" {
  role = aws_iam_role.packing.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = aws_sqs_queue.packing.arn
    }]
  })
}

resource "aws_lambda_event_source_mapping" "packing" {
  function_name    = module.packing.name
  event_source_arn = aws_sqs_queue.packing.arn
}

# Somebody is told when any function fails.

resource "aws_sns_topic" "alerts" {
  name = "shop-alerts"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "shop-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

# Writes invoices. Its role is declared here; in the account somebody has deleted it since.

resource "aws_iam_role" "invoices" {
  name               = "shop-invoices"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "invoices_logs" {
  role   = aws_iam_role.invoices.name
  policy = data.aws_iam_policy_document.logs.json
}

module "invoices" {
  source   = "./function"
  name     = "shop-invoices"
  role_arn = aws_iam_role.invoices.arn
}

# Sets headers at the edge. Its role admits Lambda@Edge, but not Lambda.

resource "aws_iam_role" "headers" {
  name = "shop-headers"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "edgelambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "headers_logs" {
  role   = aws_iam_role.headers.name
  policy = data.aws_iam_policy_document.logs.json
}

module "headers" {
  source   = "./function"
  name     = "shop-headers"
  role_arn = aws_iam_role.headers.arn
}

# Makes thumbnails of uploads. Any bucket of any account may call it.

resource "aws_iam_role" "thumbnails" {
  name               = "shop-thumbnails"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "thumbnails_logs" {
  role   = aws_iam_role.thumbnails.name
  policy = data.aws_iam_policy_document.logs.json
}

module "thumbnails" {
  source   = "./function"
  name     = "shop-thumbnails"
  role_arn = aws_iam_role.thumbnails.arn
}

resource "aws_lambda_permission" "thumbnails_from_uploads" {
  action        = "lambda:InvokeFunction"
  function_name = module.thumbnails.name
  principal     = "s3.amazonaws.com"
}

# Sends mail. Copied from another project, with the role of that project's account as default.

variable "mail_role_arn" {
  default = "arn:aws:iam::999988887777:role/shop-mail"
}

module "mail" {
  source   = "./function"
  name     = "shop-mail"
  role_arn = var.mail_role_arn
}
