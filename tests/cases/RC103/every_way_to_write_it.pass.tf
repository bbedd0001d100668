provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

variable "service" {
  default = "lambda.amazonaws.com"
}

resource "aws_iam_role" "encoded" {
  name = "encoded"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = var.service }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role" "heredoc" {
  name               = "heredoc"
  assume_role_policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["sts:TagSession", "sts:AssumeRole"],
    "Principal": {"Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]}
  }
}
EOT
}

data "aws_iam_policy_document" "base" {
  statement {
    sid     = "Functions"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["edgelambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:lambda:*:${data.aws_caller_identity.current.account_id}:function:*"]
    }
  }
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_lambda_function" "encoded" {
  function_name = "encoded"
  role          = aws_iam_role.encoded.arn
}

resource "aws_lambda_function" "heredoc" {
  function_name = "heredoc"
  role          = aws_iam_role.heredoc.arn
}

resource "aws_lambda_function" "document" {
  for_each      = toset(["a", "b"])
  function_name = "document-${each.key}"
  role          = aws_iam_role.document.arn
}
