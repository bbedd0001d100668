provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# A function, its role and its permissions by modules and from maps.
module "orders" {
  source = "./function"
  name   = "orders"
}

module "resize" {
  source = "./function"
  name   = "resize"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = module.orders.arn
}

module "rc303_nightly" {
  source        = "./permission"
  action        = "lambda:InvokeFunction"
  function_name = module.orders.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

locals {
  topics = {
    sold     = "arn:aws:sns:eu-west-1:111122223333:sold"
    returned = "arn:aws:sns:eu-west-1:111122223333:returned"
  }
}

resource "aws_sns_topic_subscription" "topics" {
  for_each  = local.topics
  protocol  = "lambda"
  topic_arn = each.value
  endpoint  = module.orders.arn
}

resource "aws_lambda_permission" "rc305_topics" {
  for_each      = local.topics
  action        = "lambda:InvokeFunction"
  function_name = module.orders.name
  principal     = "sns.amazonaws.com"
  source_arn    = each.value
}

resource "aws_cloudwatch_event_rule" "hourly" {
  count               = 2
  name                = "hourly-${count.index}"
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_target" "hourly" {
  count = 2
  rule  = aws_cloudwatch_event_rule.hourly[count.index].name
  arn   = module.resize.arn
}

resource "aws_lambda_permission" "rc303_hourly" {
  count         = 2
  action        = "lambda:InvokeFunction"
  function_name = module.resize.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.hourly[count.index].arn
}

resource "aws_cloudwatch_event_rule" "by_key" {
  for_each            = toset(["open", "close"])
  name                = "shop-${each.key}"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "by_key" {
  for_each = toset(["open", "close"])
  rule     = aws_cloudwatch_event_rule.by_key[each.key].name
  arn      = module.resize.arn
}

resource "aws_lambda_permission" "rc303_by_key" {
  for_each      = toset(["open", "close"])
  action        = "lambda:InvokeFunction"
  function_name = module.resize.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.by_key[each.key].arn
}
