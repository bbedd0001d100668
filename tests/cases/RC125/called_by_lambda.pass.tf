data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# The deny that Lambda's documentation recommends: it holds for what the function's code calls.
resource "aws_iam_role" "denied_to_code" {
  name               = "denied-to-code"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "denied_to_code" {
  role = aws_iam_role.denied_to_code.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"], Resource = "*" },
      { Effect = "Deny", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"], Resource = "*", Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:*:*:function:denied-to-code" } } },
    ]
  })
}

resource "aws_lambda_function" "denied_to_code" {
  function_name = "denied-to-code"
  role          = aws_iam_role.denied_to_code.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "each_part" {
  name               = "each-part"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "each_part" {
  role = aws_iam_role.each_part.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], Resource = ["arn:aws:ec2:*:*:network-interface/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"] },
      { Effect = "Allow", Action = "ec2:DescribeNetworkInterfaces", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "each_part" {
  function_name = "each-part"
  role          = aws_iam_role.each_part.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
