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

# The statement is for stages, methods and paths: an authorizer has none.
# expect aws_api_gateway_authorizer.token: The authorizer aws_api_gateway_authorizer.token cannot invoke orders
resource "aws_api_gateway_authorizer" "token" {
  name           = "token"
  rest_api_id    = aws_api_gateway_rest_api.shop.id
  authorizer_uri = aws_lambda_function.orders.invoke_arn
}

resource "aws_lambda_permission" "token" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/GET/*"
}

# The alias is called, the statement is on the function.
# expect aws_apigatewayv2_authorizer.request: Statements for the function itself do not cover this
resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.mail.function_name
  function_version = "1"
}

resource "aws_apigatewayv2_api" "web" {
  name          = "web"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "request" {
  api_id                            = aws_apigatewayv2_api.web.id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_alias.live.invoke_arn
  name                              = "request"
  authorizer_payload_format_version = "2.0"
}

resource "aws_lambda_permission" "request" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.web.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.request.id}"
}

# The statement is for another authorizer.
# expect aws_apigatewayv2_authorizer.other: The authorizer aws_apigatewayv2_authorizer.other cannot invoke mail
resource "aws_apigatewayv2_authorizer" "other" {
  api_id                            = aws_apigatewayv2_api.web.id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_function.mail.invoke_arn
  name                              = "other"
  authorizer_payload_format_version = "2.0"
}

# expect aws_apigatewayv2_api.document: The authorizer lambda cannot invoke stock
resource "aws_lambda_function" "stock" {
  function_name = "stock"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_apigatewayv2_api" "document" {
  name          = "document"
  protocol_type = "HTTP"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "document", version = "1.0" }
    paths   = {}
    components = {
      securitySchemes = {
        lambda = {
          type = "apiKey"
          name = "Authorization"
          in   = "header"
          x-amazon-apigateway-authorizer = {
            type                           = "request"
            authorizerUri                  = aws_lambda_function.stock.invoke_arn
            authorizerPayloadFormatVersion = "2.0"
          }
        }
      }
    }
  })
}
