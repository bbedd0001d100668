# expect aws_lambda_function.denied_to_code: logs:CreateLogStream and logs:PutLogEvents
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "denied_to_code" {
  name               = "denied-to-code"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "denied_to_code" {
  role = aws_iam_role.denied_to_code.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Effect = "Deny", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*", Condition = { ArnLike = { "lambda:SourceFunctionArn" = "arn:aws:lambda:*:*:function:denied-to-code" } } },
    ]
  })
}

resource "aws_lambda_function" "denied_to_code" {
  function_name = "denied-to-code"
  role          = aws_iam_role.denied_to_code.arn
}
