# expect aws_lambda_function.suffix: is not known
# expect aws_lambda_function.computed: is not known
# expect aws_lambda_function.listed: is not known
# expect aws_lambda_function.overridden: may be replaced
# expect aws_lambda_function.template: is not known
# Inside jsonencode Checkov 3.3.30 drops the braces of an expression, and of a composed list it keeps what it knows.
data "aws_partition" "current" {}

variable "more" {
  type = list(string)
}

variable "edge" {
  type = bool
}

resource "aws_iam_role" "suffix" {
  name = "suffix"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.${data.aws_partition.current.dns_suffix}" }
    }]
  })
}

resource "aws_iam_role" "computed" {
  name = "computed"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${lower("LAMBDA")}.amazonaws.com" }
    }]
  })
}

data "aws_iam_policy_document" "listed" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = concat(["ec2.amazonaws.com"], var.more)
    }
  }
}

resource "aws_iam_role" "listed" {
  name               = "listed"
  assume_role_policy = data.aws_iam_policy_document.listed.json
}

data "aws_iam_policy_document" "overridden" {
  override_policy_documents = var.more
  statement {
    sid     = "deny"
    effect  = "Deny"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "overridden" {
  name               = "overridden"
  assume_role_policy = data.aws_iam_policy_document.overridden.json
}

resource "aws_iam_role" "template" {
  name               = "template"
  assume_role_policy = <<EOT
{
  "Statement": [{
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "%{ if var.edge }edgelambda%{ else }lambda%{ endif }.amazonaws.com"}
  }]
}
EOT
}

resource "aws_lambda_function" "suffix" {
  function_name = "suffix"
  role          = aws_iam_role.suffix.arn
}

resource "aws_lambda_function" "computed" {
  function_name = "computed"
  role          = aws_iam_role.computed.arn
}

resource "aws_lambda_function" "listed" {
  function_name = "listed"
  role          = aws_iam_role.listed.arn
}

resource "aws_lambda_function" "overridden" {
  function_name = "overridden"
  role          = aws_iam_role.overridden.arn
}

resource "aws_lambda_function" "template" {
  function_name = "template"
  role          = aws_iam_role.template.arn
}
