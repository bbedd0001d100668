# Rules that are not for the deletion of roles get no finding, wherever they are.
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

resource "aws_cloudwatch_event_rule" "instances" {
  name          = "instances"
  event_pattern = jsonencode({ source = ["aws.ec2"], detail = { state = ["stopped"] } })
}
resource "aws_cloudwatch_event_rule" "users" {
  name          = "users"
  event_pattern = jsonencode({ source = ["aws.iam"], detail = { eventName = ["CreateUser"] } })
}
resource "aws_cloudwatch_event_rule" "refused" {
  name          = "refused"
  event_pattern = jsonencode({ source = ["aws.iam"], detail = { eventName = ["DeleteRole"], errorCode = ["AccessDenied"] } })
}
resource "aws_cloudwatch_event_rule" "all" {
  name          = "all"
  event_pattern = jsonencode({ account = [data.aws_caller_identity.me.account_id] })
}
data "aws_caller_identity" "me" {}
resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudtrail" "here" {
  provider       = aws.us_east_1
  name           = "here"
  s3_bucket_name = "trail"
  event_selector {
    read_write_type = "WriteOnly"
  }
}
resource "aws_cloudwatch_event_rule" "deleted" {
  provider      = aws.us_east_1
  name          = "deleted"
  event_pattern = jsonencode({ source = ["aws.iam"], detail = { eventName = ["DeleteRole"] } })
}
resource "aws_cloudwatch_event_target" "deleted" {
  provider = aws.us_east_1
  rule     = aws_cloudwatch_event_rule.deleted.name
  arn      = "arn:aws:sns:us-east-1:111122223333:alerts"
}
