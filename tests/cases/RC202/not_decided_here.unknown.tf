provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "source_arn" {
  type = string
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}

# expect aws_lambda_event_source_mapping.variable: reads from is not known
resource "aws_lambda_event_source_mapping" "variable" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = var.source_arn
}

# expect aws_lambda_event_source_mapping.elsewhere: the queue 
resource "aws_lambda_event_source_mapping" "elsewhere" {
  function_name    = aws_lambda_function.app.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
}
