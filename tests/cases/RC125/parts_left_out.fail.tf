# expect aws_lambda_function.no_subnet: ec2:CreateNetworkInterface on arn:aws:ec2:
# expect aws_lambda_function.no_group: :security-group/
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "no_subnet" {
  name               = "no-subnet"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "no_subnet" {
  role = aws_iam_role.no_subnet.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], Resource = ["arn:aws:ec2:*:*:network-interface/*", "arn:aws:ec2:*:*:security-group/*"] },
      { Effect = "Allow", Action = "ec2:DescribeNetworkInterfaces", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "no_subnet" {
  function_name = "no-subnet"
  role          = aws_iam_role.no_subnet.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "no_group" {
  name               = "no-group"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "no_group" {
  role = aws_iam_role.no_group.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], Resource = ["arn:aws:ec2:*:*:network-interface/*", "arn:aws:ec2:*:*:subnet/*"] },
      { Effect = "Allow", Action = "ec2:DescribeNetworkInterfaces", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "no_group" {
  function_name = "no-group"
  role          = aws_iam_role.no_group.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
