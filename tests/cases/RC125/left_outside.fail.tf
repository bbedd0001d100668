# expect aws_lambda_function.basic: cannot connect the function to the VPC
# expect aws_lambda_function.nothing: cannot connect the function to the VPC
# expect aws_lambda_function.no_delete: may not ec2:DeleteNetworkInterface on
# expect aws_lambda_function.describe_on_arn: may not ec2:DescribeNetworkInterfaces
# expect aws_lambda_function.denied: ec2:CreateNetworkInterface
# expect aws_lambda_function.bounded: cannot connect the function to the VPC
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "basic" {
  name               = "basic"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.basic.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "basic" {
  function_name = "basic"
  role          = aws_iam_role.basic.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

# No policy at all.
resource "aws_iam_role" "nothing" {
  name               = "nothing"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_lambda_function" "nothing" {
  function_name = "nothing"
  role          = aws_iam_role.nothing.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "no_delete" {
  name               = "no-delete"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"], Resource = "*" },
      ]
    })
  }
}

resource "aws_lambda_function" "no_delete" {
  function_name = "no-delete"
  role          = aws_iam_role.no_delete.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

# To describe interfaces is not a right on one of them: it needs *.
resource "aws_iam_role" "describe_on_arn" {
  name               = "describe-on-arn"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "describe_on_arn" {
  role = aws_iam_role.describe_on_arn.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ec2:*NetworkInterface*", Resource = "arn:aws:ec2:*:*:*" }]
  })
}

resource "aws_lambda_function" "describe_on_arn" {
  function_name = "describe-on-arn"
  role          = aws_iam_role.describe_on_arn.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachments_exclusive" "denied" {
  role_name   = aws_iam_role.denied.name
  policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]
}

resource "aws_iam_policy" "denied" {
  name = "denied"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "ec2:Create*", Resource = "*" }]
  })
}

resource "aws_iam_policy_attachment" "denied" {
  name       = "denied"
  roles      = [aws_iam_role.denied.name]
  policy_arn = aws_iam_policy.denied.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachment" "bounded" {
  role       = aws_iam_role.bounded.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*", "logs:*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "bounded" {
  function_name = "bounded"
  role          = aws_iam_role.bounded.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

resource "aws_iam_role" "inside" {
  name                = "inside"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]
}

resource "aws_lambda_function" "inside" {
  function_name = "inside"
  role          = aws_iam_role.inside.arn
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}

# Not in a VPC.
resource "aws_iam_role" "outside" {
  name                = "outside"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
}

resource "aws_lambda_function" "outside" {
  function_name = "outside"
  role          = aws_iam_role.outside.arn
}
