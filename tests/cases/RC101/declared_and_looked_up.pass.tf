resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

data "aws_iam_role" "shared" {
  name = "shared"
}

locals {
  role_arn = aws_iam_role.app.arn
}

resource "aws_lambda_function" "declared" {
  function_name = "declared"
  role          = aws_iam_role.app.arn
}

resource "aws_lambda_function" "looked_up" {
  function_name = "looked-up"
  role          = data.aws_iam_role.shared.arn
}

resource "aws_lambda_function" "through_a_local" {
  function_name = "through-a-local"
  role          = local.role_arn
}

resource "aws_lambda_function" "counted" {
  count         = 2
  function_name = "counted-${count.index}"
  role          = aws_iam_role.counted[count.index].arn
}

resource "aws_iam_role" "counted" {
  count              = 2
  name               = "counted-${count.index}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "made_of_the_name" {
  function_name = "made-of-the-name"
  role          = "arn:aws:iam::111122223333:role/${aws_iam_role.app.name}"
}
