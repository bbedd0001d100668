# expect aws_cloudwatch_event_rule.far: events of IAM do not arrive in eu-west-1
# expect aws_cloudwatch_event_rule.off: it is disabled; it has no target
# expect aws_cloudwatch_event_rule.formerly_off: it is disabled
# expect aws_cloudwatch_event_rule.mistaken: it asks for DeleteRole together with what no such event has
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

resource "aws_cloudwatch_event_rule" "far" {
  name          = "far"
  event_pattern = jsonencode({ source = ["aws.iam"], detail = { eventName = ["DeleteRole"] } })
}
resource "aws_cloudwatch_event_target" "far" {
  rule = aws_cloudwatch_event_rule.far.name
  arn  = "arn:aws:sns:eu-west-1:111122223333:alerts"
}

resource "aws_cloudwatch_event_rule" "off" {
  provider      = aws.us_east_1
  name          = "off"
  state         = "DISABLED"
  event_pattern = jsonencode({ source = ["aws.iam"] })
}

resource "aws_cloudwatch_event_rule" "formerly_off" {
  provider      = aws.us_east_1
  name          = "formerly-off"
  is_enabled    = false
  event_pattern = jsonencode({ detail = { eventSource = ["iam.amazonaws.com"] } })
}
resource "aws_cloudwatch_event_target" "formerly_off" {
  provider = aws.us_east_1
  rule     = aws_cloudwatch_event_rule.formerly_off.id
  arn      = "arn:aws:sns:us-east-1:111122223333:alerts"
}

resource "aws_cloudwatch_event_rule" "mistaken" {
  provider      = aws.us_east_1
  name          = "mistaken"
  event_pattern = jsonencode({ source = ["iam.amazonaws.com"], detail = { eventName = ["DeleteRole"] } })
}
resource "aws_cloudwatch_event_target" "mistaken" {
  provider = aws.us_east_1
  rule     = aws_cloudwatch_event_rule.mistaken.name
  arn      = "arn:aws:sns:us-east-1:111122223333:alerts"
}
