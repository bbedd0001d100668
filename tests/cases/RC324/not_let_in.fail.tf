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

resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "appsync.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "caller" {
  role = aws_iam_role.caller.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_appsync_datasource.alias: does not cover its aliases and versions
resource "aws_appsync_datasource" "alias" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "alias"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.caller.arn
  lambda_config {
    function_arn = aws_lambda_alias.live.arn
  }
}

resource "aws_iam_role" "aliases" {
  name               = "aliases"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "appsync.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "aliases" {
  role = aws_iam_role.aliases.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "${aws_lambda_function.orders.arn}:*" }]
  })
}

# expect aws_appsync_datasource.plain: only its aliases and versions
resource "aws_appsync_datasource" "plain" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "plain"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.aliases.arn
  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_iam_role" "stranger" {
  name               = "stranger"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "stranger" {
  role = aws_iam_role.stranger.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_appsync_datasource.untrusted: The AppSync data source untrusted cannot invoke orders: appsync.amazonaws.com cannot assume stranger
resource "aws_appsync_datasource" "untrusted" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "untrusted"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.stranger.arn
  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_iam_role" "bare" {
  name               = "bare"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "appsync.amazonaws.com" } }]
  })
}

# expect aws_appsync_datasource.nothing: bare may not invoke orders: no identity policy allows lambda:InvokeFunction
resource "aws_appsync_datasource" "nothing" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "nothing"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.bare.arn
  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}
