data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# Whatever the other function will be called, it is one function.
resource "aws_iam_role" "unnamed" {
  name               = "unnamed"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "unnamed" {
  role = aws_iam_role.unnamed.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = [aws_lambda_function.other.arn, "${aws_lambda_function.other.arn}:*"] },
    ]
  })
}

resource "aws_lambda_function" "unnamed" {
  function_name = "unnamed"
  role          = aws_iam_role.unnamed.arn
}

resource "aws_iam_role" "other_role" {
  name               = "other-role"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "other_role" {
  role = aws_iam_role.other_role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "other_role" {
  function_name = "other-role"
  role          = aws_iam_role.other_role.arn
}

resource "aws_lambda_function" "other" {
  function_name = aws_sqs_queue.orders.name
  role          = aws_iam_role.other_role.arn
}

resource "aws_sqs_queue" "orders" {}
