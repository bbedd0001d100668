# expect aws_cloudwatch_event_rule.far: events of IAM arrive in one region, and the rule is in eu-west-1
# A rule where the events arrive passes them on to the bus of another region.
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

resource "aws_cloudtrail" "all" {
  name                  = "all"
  s3_bucket_name        = "trail"
  is_multi_region_trail = true
}

resource "aws_cloudwatch_event_rule" "pass_on" {
  provider      = aws.us_east_1
  name          = "pass-on"
  event_pattern = jsonencode({ source = ["aws.iam"] })
}
resource "aws_cloudwatch_event_target" "pass_on" {
  provider = aws.us_east_1
  rule     = aws_cloudwatch_event_rule.pass_on.name
  arn      = "arn:aws:events:eu-west-1:111122223333:event-bus/default"
  role_arn = "arn:aws:iam::111122223333:role/pass-on"
}

resource "aws_cloudwatch_event_rule" "far" {
  name          = "far"
  event_pattern = jsonencode({ source = ["aws.iam"] })
}
resource "aws_cloudwatch_event_target" "far" {
  rule = aws_cloudwatch_event_rule.far.name
  arn  = "arn:aws:sns:eu-west-1:111122223333:alerts"
}
