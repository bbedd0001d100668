provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "source_arn" {
  type = string
}

variable "policy_arn" {
  type = string
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

# expect aws_lambda_function.variable: reads from is not known
resource "aws_iam_role" "variable" {
  name = "variable"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "variable" {
  role = aws_iam_role.variable.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
}

resource "aws_lambda_event_source_mapping" "variable" {
  function_name    = aws_lambda_function.variable.arn
  event_source_arn = var.source_arn
}

# expect aws_lambda_function.policy: is not known
resource "aws_iam_role" "policy" {
  name = "policy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "policy" {
  function_name = "policy"
  role          = aws_iam_role.policy.arn
}

resource "aws_iam_role_policy_attachment" "policy" {
  role       = aws_iam_role.policy.name
  policy_arn = var.policy_arn
}

resource "aws_lambda_event_source_mapping" "policy" {
  function_name    = aws_lambda_function.policy.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

resource "aws_mq_broker" "orders" {
  broker_name = "orders"
}

# expect aws_lambda_function.public_broker: not always needed
# A public broker is reached without the network of a VPC.
resource "aws_iam_role" "public_broker" {
  name = "public-broker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "public_broker" {
  role = aws_iam_role.public_broker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "mq:DescribeBroker", Resource = aws_mq_broker.orders.arn },
    ]
  })
}

resource "aws_lambda_function" "public_broker" {
  function_name = "public-broker"
  role          = aws_iam_role.public_broker.arn
}

resource "aws_lambda_event_source_mapping" "public_broker" {
  function_name    = aws_lambda_function.public_broker.arn
  event_source_arn = aws_mq_broker.orders.arn
  queues           = ["orders"]
}

data "aws_iam_role" "shared" {
  name = "shared"
}

# expect aws_lambda_function.shared: looked up by a data source
resource "aws_lambda_function" "shared" {
  function_name = "shared"
  role          = data.aws_iam_role.shared.arn
}

resource "aws_lambda_event_source_mapping" "shared" {
  function_name    = aws_lambda_function.shared.arn
  event_source_arn = aws_sqs_queue.orders.arn
}
