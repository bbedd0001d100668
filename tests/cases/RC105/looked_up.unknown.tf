# expect aws_iam_role.parameter: is not known
data "aws_ssm_parameter" "partner" {
  name = "/iam/partner"
}

# A parameter of an account may hold the wildcard.
resource "aws_iam_role" "parameter" {
  name = "parameter"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = data.aws_ssm_parameter.partner.value }
      },
    ]
  })
}

resource "aws_lambda_function" "parameter" {
  function_name = "parameter"
  role          = aws_iam_role.parameter.arn
}
