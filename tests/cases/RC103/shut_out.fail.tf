# expect aws_lambda_function.edge_only: admits edgelambda.amazonaws.com only
# expect aws_lambda_function.other_action: covers sts:AssumeRoleWithWebIdentity
# expect aws_lambda_function.external_id: sts:ExternalId
# expect aws_lambda_function.other_account: wants 999988887777
# expect aws_lambda_function.denied: denies sts:AssumeRole
# expect aws_lambda_function.polled: stops polling
# expect aws_lambda_function.other_function: function:another
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "edge_only" {
  name = "edge-only"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "edgelambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "other_action" {
  name = "other-action"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Service = "lambda.amazonaws.com" } }
    ]
  })
}

resource "aws_iam_role" "external_id" {
  name               = "external-id"
  assume_role_policy = data.aws_iam_policy_document.external_id.json
}

data "aws_iam_policy_document" "external_id" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["secret"]
    }
  }
}

resource "aws_iam_role" "other_account" {
  name = "other-account"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "999988887777" } }
    }]
  })
}

resource "aws_iam_role" "other_function" {
  name = "other-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:lambda:eu-west-1:111122223333:function:another" } }
    }]
  })
}

resource "aws_iam_role" "denied" {
  name = "denied"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Deny", Action = "sts:*", Principal = { Service = "lambda.amazonaws.com" } },
    ]
  })
}

resource "aws_lambda_function" "edge_only" {
  function_name = "edge-only"
  role          = aws_iam_role.edge_only.arn
}

resource "aws_lambda_function" "other_action" {
  function_name = "other-action"
  role          = aws_iam_role.other_action.arn
}

resource "aws_lambda_function" "external_id" {
  function_name = "external-id"
  role          = aws_iam_role.external_id.arn
}

resource "aws_lambda_function" "other_account" {
  function_name = "other-account"
  role          = aws_iam_role.other_account.arn
}

resource "aws_lambda_function" "other_function" {
  function_name = "other-one"
  role          = aws_iam_role.other_function.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_lambda_function" "polled" {
  function_name = "polled"
  role          = aws_iam_role.edge_only.arn
}

resource "aws_lambda_event_source_mapping" "polled" {
  function_name    = aws_lambda_function.polled.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
}
