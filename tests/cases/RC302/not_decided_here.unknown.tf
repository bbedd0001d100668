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

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

# expect aws_api_gateway_authorizer.with_role: with a role that is not known here
resource "aws_api_gateway_authorizer" "with_role" {
  name                   = "with_role"
  rest_api_id            = aws_api_gateway_rest_api.shop.id
  authorizer_uri         = aws_lambda_function.orders.invoke_arn
  authorizer_credentials = "arn:aws:iam::111122223333:role/elsewhere"
}

# expect aws_api_gateway_authorizer.elsewhere: it is not in this configuration
resource "aws_api_gateway_authorizer" "elsewhere" {
  name           = "elsewhere"
  rest_api_id    = aws_api_gateway_rest_api.shop.id
  authorizer_uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:elsewhere/invocations"
}

# Which API the statement is for is given from outside.
# expect aws_api_gateway_authorizer.token: var.source
variable "source" {
  type = string
}

resource "aws_api_gateway_authorizer" "token" {
  name           = "token"
  rest_api_id    = aws_api_gateway_rest_api.shop.id
  authorizer_uri = aws_lambda_function.orders.invoke_arn
}

resource "aws_lambda_permission" "token" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = var.source
}
