provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# expect aws_lambda_function.nothing: may not xray:PutTraceSegments and xray:PutTelemetryRecords: its traces are lost
resource "aws_iam_role" "nothing" {
  name = "nothing"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "nothing" {
  role       = aws_iam_role.nothing.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "nothing" {
  function_name = "nothing"
  role          = aws_iam_role.nothing.arn
  tracing_config {
    mode = "Active"
  }
}

# expect aws_lambda_function.half: may not xray:PutTelemetryRecords
resource "aws_iam_role" "half" {
  name = "half"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "half" {
  role = aws_iam_role.half.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "xray:PutTraceSegments", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "half" {
  function_name = "half"
  role          = aws_iam_role.half.arn
  tracing_config {
    mode = "Active"
  }
}

# expect aws_lambda_function.on_one_resource: may not xray:PutTraceSegments
# X-Ray knows no resource for the actions.
resource "aws_iam_role" "on_one_resource" {
  name = "on-one-resource"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "on_one_resource" {
  role = aws_iam_role.on_one_resource.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "arn:aws:xray:eu-west-1:111122223333:group/*" },
    ]
  })
}

resource "aws_lambda_function" "on_one_resource" {
  function_name = "on-one-resource"
  role          = aws_iam_role.on_one_resource.arn
  tracing_config {
    mode = "Active"
  }
}
