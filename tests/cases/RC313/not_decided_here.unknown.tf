provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
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
}

# Which version of the provider makes the statements is not known.
# expect aws_lambda_function_url.open: makes since 6.28.0
resource "aws_lambda_function_url" "open" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}

# Whether the provider makes them for an alias is not documented.
# expect aws_lambda_function_url.alias: may make for its alias
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "1"
}

resource "aws_lambda_function_url" "alias" {
  function_name      = aws_lambda_function.orders.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = "NONE"
}

# expect aws_lambda_function_url.signed: The policies of its callers decide
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_function_url" "signed" {
  function_name      = aws_lambda_function.mail.function_name
  authorization_type = "AWS_IAM"
}

# A role of the same account, whose own policies may allow the rest.
# expect aws_lambda_function_url.halfway: the caller's own policies may allow it
resource "aws_lambda_function" "stock" {
  function_name = "stock"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_function_url" "halfway" {
  function_name      = aws_lambda_function.stock.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_permission" "halfway" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.stock.function_name
  principal              = aws_iam_role.app.arn
  function_url_auth_type = "AWS_IAM"
}

# expect aws_lambda_function_url.either: Who may call the function URL is not known
variable "auth" {
  type = string
}

resource "aws_lambda_function_url" "either" {
  function_name      = aws_lambda_function.stock.function_name
  authorization_type = var.auth
}
