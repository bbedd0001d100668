provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "target_arn" {
  type = string
}

variable "destinations" {
  type = list(string)
}

# expect aws_lambda_function.variable: is not known
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
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = aws_iam_role.variable.arn
  dead_letter_config {
    target_arn = var.target_arn
  }
}

# expect aws_lambda_function.elsewhere: and its own policy may allow it
resource "aws_iam_role" "elsewhere" {
  name = "elsewhere"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "elsewhere" {
  function_name = "elsewhere"
  role          = aws_iam_role.elsewhere.arn
  dead_letter_config {
    target_arn = "arn:aws:sqs:eu-west-1:111122223333:failures"
  }
}

# expect aws_lambda_function.dynamic: is not known
resource "aws_iam_role" "dynamic" {
  name = "dynamic"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "dynamic" {
  function_name = "dynamic"
  role          = aws_iam_role.dynamic.arn
}

resource "aws_lambda_function_event_invoke_config" "dynamic" {
  function_name = aws_lambda_function.dynamic.function_name
  dynamic "destination_config" {
    for_each = var.destinations
    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}
