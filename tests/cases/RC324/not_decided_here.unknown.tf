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

resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "API_KEY"
}

variable "role_arn" {
  type = string
}

# expect aws_appsync_datasource.elsewhere: with a role that is not known here
resource "aws_appsync_datasource" "elsewhere" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "elsewhere"
  type             = "AWS_LAMBDA"
  service_role_arn = var.role_arn
  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "appsync.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "caller" {
  role       = aws_iam_role.caller.name
  policy_arn = "arn:aws:iam::111122223333:policy/elsewhere"
}

# expect aws_appsync_datasource.attached: is not in this configuration
resource "aws_appsync_datasource" "attached" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "attached"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.caller.arn
  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}
