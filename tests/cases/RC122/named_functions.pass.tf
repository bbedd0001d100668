data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# It calls one function of this configuration.
resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "caller" {
  role = aws_iam_role.caller.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.called.arn },
    ]
  })
}

resource "aws_lambda_function" "caller" {
  function_name = "caller"
  role          = aws_iam_role.caller.arn
}

# It sees every function, and calls none.
resource "aws_iam_role" "called" {
  name                = "called"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"]
}

resource "aws_lambda_function" "called" {
  function_name = "called"
  role          = aws_iam_role.called.arn
}

resource "aws_iam_role" "prefix" {
  name               = "prefix"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = "lambda:*", Resource = "arn:aws:lambda:eu-west-1:111122223333:function:orders-*" },
      ]
    })
  }
}

resource "aws_lambda_function" "prefix" {
  function_name = "prefix"
  role          = aws_iam_role.prefix.arn
}

resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachments_exclusive" "denied" {
  role_name   = aws_iam_role.denied.name
  policy_arns = ["arn:aws:iam::aws:policy/AWSLambda_FullAccess"]
}

resource "aws_iam_role_policy" "denied" {
  role = aws_iam_role.denied.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "lambda:Invoke*", Resource = "*" }]
  })
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy_attachment" "bounded" {
  name       = "bounded"
  roles      = [aws_iam_role.bounded.name]
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"
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
}
