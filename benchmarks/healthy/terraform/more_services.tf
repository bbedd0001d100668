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

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_cloudfront_origin_access_control" "orders" {
  name                              = "orders"
  origin_access_control_origin_type = "lambda"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    domain_name              = replace(replace(aws_lambda_function_url.orders.function_url, "https://", ""), "/", "")
    origin_id                = "orders"
    origin_access_control_id = aws_cloudfront_origin_access_control.orders.id
  }
  default_cache_behavior {
    target_origin_id       = "orders"
    viewer_protocol_policy = "redirect-to-https"
  }
}

resource "aws_lambda_permission" "rc315_site" {
  action        = "lambda:InvokeFunctionUrl"
  function_name = aws_lambda_function.orders.function_name
  principal     = "cloudfront.amazonaws.com"
  source_arn    = aws_cloudfront_distribution.site.arn
}

resource "aws_lambda_permission" "site" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "cloudfront.amazonaws.com"
  source_arn    = aws_cloudfront_distribution.site.arn
}

resource "aws_appsync_graphql_api" "graph" {
  name                = "graph"
  authentication_type = "AWS_LAMBDA"
  lambda_authorizer_config {
    authorizer_uri = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "rc316_graph" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "appsync.amazonaws.com"
  source_arn    = aws_appsync_graphql_api.graph.arn
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  alarm_actions       = [aws_lambda_function.orders.arn]
}

resource "aws_lambda_permission" "rc317_errors" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "lambda.alarms.cloudwatch.amazonaws.com"
  source_arn     = aws_cloudwatch_metric_alarm.errors.arn
  source_account = "111122223333"
}

# Lattice and Connect add their permission themselves: without these nothing is wrong.
resource "aws_vpclattice_target_group" "orders" {
  name = "orders"
  type = "LAMBDA"
}

resource "aws_vpclattice_target_group_attachment" "orders" {
  target_group_identifier = aws_vpclattice_target_group.orders.id
  target {
    id = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "lattice" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "vpc-lattice.amazonaws.com"
  source_arn    = aws_vpclattice_target_group.orders.arn
}

resource "aws_connect_lambda_function_association" "orders" {
  function_arn = aws_lambda_function.orders.arn
  instance_id  = "12345678-1234-1234-1234-123456789012"
}

resource "aws_transfer_server" "inbound" {
  identity_provider_type = "AWS_LAMBDA"
  function               = aws_lambda_function.orders.arn
}

resource "aws_transfer_server" "other" {
  identity_provider_type = "SERVICE_MANAGED"
}

resource "aws_lambda_permission" "rc319_inbound" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "transfer.amazonaws.com"
  source_arn     = aws_transfer_server.inbound.arn
  source_account = "111122223333"
}

resource "aws_codecommit_repository" "shop" {
  repository_name = "shop"
}

resource "aws_codecommit_repository" "other" {
  repository_name = "other"
}

resource "aws_codecommit_trigger" "build" {
  repository_name = aws_codecommit_repository.shop.repository_name
  trigger {
    name            = "build"
    events          = ["all"]
    destination_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "rc333_build" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "codecommit.amazonaws.com"
  source_arn     = aws_codecommit_repository.shop.arn
  source_account = "111122223333"
}
