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

resource "aws_iam_role" "of_other" {
  name = "of_other"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "444455556666" } }
    }]
  })
}

resource "aws_iam_role_policy" "of_other" {
  role = aws_iam_role.of_other.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_sfn_state_machine.held: condition StringEquals aws:SourceAccount
resource "aws_sfn_state_machine" "held" {
  name     = "held"
  role_arn = aws_iam_role.of_other.arn
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

resource "aws_iam_role" "distant" {
  name = "distant"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" } }]
  })
}

resource "aws_iam_role_policy" "distant" {
  role = aws_iam_role.distant.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# Named by the trust policy, the state machine's role needs no policy for it; not named it cannot assume the other.
# expect aws_sfn_state_machine.crossing: machine cannot assume distant
resource "aws_sfn_state_machine" "crossing" {
  name     = "crossing"
  role_arn = aws_iam_role.machine.arn
  definition = jsonencode({
    StartAt = "Charge"
    States = {
      Charge = {
        Type        = "Task"
        Resource    = aws_lambda_function.orders.arn
        Credentials = { RoleArn = aws_iam_role.distant.arn }
        End         = true
      }
    }
  })
}

resource "aws_iam_role" "elsewhere" {
  name               = "elsewhere"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "elsewhere" {
  role = aws_iam_role.elsewhere.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_sfn_state_machine.both: states.amazonaws.com cannot assume elsewhere
resource "aws_sfn_state_machine" "both" {
  name     = "both"
  role_arn = aws_iam_role.elsewhere.arn
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
