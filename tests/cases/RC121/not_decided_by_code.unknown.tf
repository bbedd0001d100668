# expect aws_lambda_function.passes_to_service: iam:PassedToService wants lambda.amazonaws.com
# expect aws_lambda_function.older_version: whether an older version of a policy grants more is not known
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# Only a role that trusts Lambda, which may be an administrator's or not.
resource "aws_iam_role" "passes_to_service" {
  name               = "passes-to-service"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_to_service" {
  role = aws_iam_role.passes_to_service.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*", Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } } },
      { Effect = "Allow", Action = "lambda:*", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_to_service" {
  function_name = "passes-to-service"
  role          = aws_iam_role.passes_to_service.arn
}

resource "aws_iam_role" "older_version" {
  name               = "older-version"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "older_version" {
  role = aws_iam_role.older_version.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:SetDefaultPolicyVersion", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "older_version" {
  function_name = "older-version"
  role          = aws_iam_role.older_version.arn
}
