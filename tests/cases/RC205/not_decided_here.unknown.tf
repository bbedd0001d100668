# expect aws_cloudwatch_event_rule.no_trail: no trail here certainly records management events
# expect aws_cloudwatch_event_rule.some_roles: its pattern depends on what is not known
# expect aws_cloudwatch_event_rule.central: another rule must pass the events of IAM on to its event bus
# expect aws_cloudwatch_event_rule.given: What events given is for is not known
# expect aws_cloudwatch_event_rule.targets: whether it has targets is not known
variable "pattern" {}
variable "rule" {}
provider "aws" {
  region = "us-east-1"
}

resource "aws_cloudtrail" "reads" {
  name           = "reads"
  s3_bucket_name = "trail"
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
    field_selector {
      field  = "readOnly"
      equals = ["true"]
    }
  }
}

resource "aws_cloudwatch_event_rule" "no_trail" {
  name          = "no-trail"
  event_pattern = jsonencode({ source = ["aws.iam"], detail = { eventName = ["DeleteRole"] } })
}
resource "aws_cloudwatch_event_target" "no_trail" {
  rule = aws_cloudwatch_event_rule.no_trail.name
  arn  = "arn:aws:sns:us-east-1:111122223333:alerts"
}

resource "aws_cloudwatch_event_rule" "some_roles" {
  name = "some-roles"
  event_pattern = jsonencode({
    source = ["aws.iam"]
    detail = { eventName = ["DeleteRole"], requestParameters = { roleName = [{ prefix = "app-" }] } }
  })
}

resource "aws_cloudwatch_event_rule" "central" {
  name           = "central"
  event_bus_name = "security"
  event_pattern  = jsonencode({ source = ["aws.iam"] })
}
resource "aws_cloudwatch_event_target" "central" {
  rule           = "central"
  event_bus_name = "security"
  arn            = "arn:aws:sns:us-east-1:111122223333:alerts"
}

resource "aws_cloudwatch_event_rule" "given" {
  name          = "given"
  event_pattern = var.pattern
}

resource "aws_cloudwatch_event_rule" "targets" {
  name          = "targets"
  event_pattern = jsonencode({ source = ["aws.iam"] })
}
resource "aws_cloudwatch_event_target" "some" {
  rule = var.rule
  arn  = "arn:aws:sns:us-east-1:111122223333:alerts"
}
