provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_iam_role" "of_machines" {
  name = "of_machines"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.eu-west-1.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" }, ArnLike = { "aws:SourceArn" = "arn:aws:states:eu-west-1:111122223333:stateMachine:*" } }
    }]
  })
}

resource "aws_iam_role_policy" "of_machines" {
  role = aws_iam_role.of_machines.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# By the principal of the region, and by the state machine's ARN.
resource "aws_sfn_state_machine" "held" {
  name     = "held"
  role_arn = aws_iam_role.of_machines.arn
  definition = jsonencode({
    StartAt = "Charge"
    States = {
      Charge = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = aws_lambda_function.orders.arn, Payload = {} }
        End        = true
      }
    }
  })
}

resource "aws_iam_role" "machine" {
  name               = "machine"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "machine" {
  role = aws_iam_role.machine.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.state.arn }]
  })
}

resource "aws_iam_role" "state" {
  name = "state"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.machine.arn } }]
  })
}

resource "aws_iam_role_policy" "state" {
  role = aws_iam_role.state.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# A state with a role of its own, which the state machine's role assumes.
resource "aws_sfn_state_machine" "crossing" {
  name     = "crossing"
  role_arn = aws_iam_role.machine.arn
  definition = jsonencode({
    StartAt = "Charge"
    States = {
      Charge = {
        Type        = "Task"
        Resource    = aws_lambda_function.orders.arn
        Credentials = { RoleArn = aws_iam_role.state.arn }
        End         = true
      }
    }
  })
}

# Calls no function.
resource "aws_sfn_state_machine" "waits" {
  name       = "waits"
  role_arn   = aws_iam_role.app.arn
  definition = jsonencode({ StartAt = "Wait", States = { Wait = { Type = "Wait", Seconds = 5, End = true } } })
}
