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

resource "aws_iam_role" "of_group" {
  name = "of_group"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" }, ArnLike = { "aws:SourceArn" = "arn:aws:scheduler:*:111122223333:schedule-group/default" } }
    }]
  })
}

resource "aws_iam_role_policy" "of_group" {
  role = aws_iam_role.of_group.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# What the service presents is the group of the schedule.
resource "aws_scheduler_schedule" "held" {
  name                = "held"
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.orders.arn
    role_arn = aws_iam_role.of_group.arn
  }
}

# A universal target names the function in its input.
resource "aws_scheduler_schedule" "universal" {
  name                = "universal"
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:lambda:invoke"
    role_arn = aws_iam_role.of_group.arn
    input    = jsonencode({ FunctionName = aws_lambda_function.orders.function_name, InvocationType = "Event" })
  }
}

# The group may be another one.
resource "aws_scheduler_schedule_group" "shop" {
  name = "shop"
}

resource "aws_iam_role" "of_shop" {
  name = "of_shop"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { ArnLike = { "aws:SourceArn" = aws_scheduler_schedule_group.shop.arn } }
    }]
  })
}

resource "aws_iam_role_policy" "of_shop" {
  role = aws_iam_role.of_shop.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

resource "aws_scheduler_schedule" "of_group" {
  name                = "of_group"
  group_name          = aws_scheduler_schedule_group.shop.name
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.orders.arn
    role_arn = aws_iam_role.of_shop.arn
  }
}

# No function.
resource "aws_scheduler_schedule" "queue" {
  name                = "queue"
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:sqs:eu-west-1:111122223333:orders"
    role_arn = aws_iam_role.app.arn
  }
}
