# The trail is for all regions; the second provider is where events of IAM arrive.
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

resource "aws_cloudwatch_event_rule" "deleted" {
  provider = aws.us_east_1
  name     = "role-deleted"
  event_pattern = jsonencode({
    source        = ["aws.iam"]
    "detail-type" = ["AWS API Call via CloudTrail"]
    detail = {
      eventSource = ["iam.amazonaws.com"]
      eventName   = ["DeleteRole", "UpdateAssumeRolePolicy"]
      errorCode   = [{ exists = false }]
    }
  })
}

resource "aws_cloudwatch_event_target" "deleted" {
  provider = aws.us_east_1
  rule     = aws_cloudwatch_event_rule.deleted.name
  arn      = "arn:aws:sns:us-east-1:111122223333:alerts"
}

resource "aws_cloudwatch_event_rule" "any" {
  provider      = aws.us_east_1
  name          = "iam"
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  event_pattern = <<-EOF
    {
      "source": ["aws.iam"],
      "detail": {"eventName": [{"prefix": "Delete"}]}
    }
  EOF
}

resource "aws_cloudwatch_event_target" "any" {
  provider = aws.us_east_1
  rule     = "iam"
  arn      = "arn:aws:sns:us-east-1:111122223333:alerts"
}
