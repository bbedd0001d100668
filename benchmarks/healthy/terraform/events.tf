provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_iam_role" "other" {
  name = "other"
}

resource "aws_lambda_function" "other" {
  function_name = "other"
  role          = data.aws_iam_role.other.arn
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "rc124_orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_iam_role_policy" "rc127_orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "RC127Orders", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn }]
  })
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "1"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_rule" "other" {
  name                = "other"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "rc303_nightly" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

# A rule of another bus, which calls the alias.
resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_cloudwatch_event_rule" "sold" {
  name           = "sold"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern  = jsonencode({ source = ["shop"] })
}

resource "aws_cloudwatch_event_target" "sold" {
  rule           = aws_cloudwatch_event_rule.sold.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  arn            = aws_lambda_alias.live.arn
}

resource "aws_lambda_permission" "rc303_sold" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:111122223333:rule/shop/sold"
}

resource "aws_s3_bucket" "uploads" {
  bucket = "uploads-111122223333"
}

resource "aws_s3_bucket" "other" {
  bucket = "other-111122223333"
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "rc304_uploads" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.uploads.arn
  source_account = "111122223333"
}

resource "aws_sns_topic" "sales" {
  name = "sales"
}

resource "aws_sns_topic" "other" {
  name = "other"
}

resource "aws_sns_topic_subscription" "sales" {
  protocol  = "lambda"
  topic_arn = aws_sns_topic.sales.arn
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "rc305_sales" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.arn
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.sales.arn
}

resource "aws_cloudwatch_log_group" "web" {
  name = "/web"
}

resource "aws_cloudwatch_log_group" "other" {
  name = "/other"
}

resource "aws_cloudwatch_log_subscription_filter" "web" {
  name            = "web"
  log_group_name  = aws_cloudwatch_log_group.web.name
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "rc306_web" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "logs.eu-west-1.amazonaws.com"
  source_arn     = "${aws_cloudwatch_log_group.web.arn}:*"
  source_account = "111122223333"
}

resource "aws_iot_topic_rule" "sensors" {
  name        = "sensors"
  enabled     = true
  sql         = "SELECT * FROM 'sensors'"
  sql_version = "2016-03-23"
  lambda {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "rc309_sensors" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "iot.amazonaws.com"
  source_arn     = aws_iot_topic_rule.sensors.arn
  source_account = "111122223333"
}
