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

resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "{id}"
}

# expect aws_api_gateway_integration.with_role: with a role that is not known here
resource "aws_api_gateway_integration" "with_role" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "GET"
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.invoke_arn
  credentials             = "arn:aws:iam::111122223333:role/elsewhere"
}

# Whether a REST API presents the variable or what stands for it is not documented.
# expect aws_api_gateway_integration.variable: {id}
resource "aws_api_gateway_integration" "variable" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_resource.order.id
  http_method             = "GET"
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.invoke_arn
}

resource "aws_lambda_permission" "variable" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/GET${aws_api_gateway_resource.order.path}"
}

# Some methods are let in.
# expect aws_api_gateway_integration.some: not allowed: DELETE, HEAD, OPTIONS, PATCH, POST, PUT
resource "aws_lambda_function" "some" {
  function_name = "some"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_api_gateway_integration" "some" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "ANY"
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.some.invoke_arn
}

resource "aws_lambda_permission" "some" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.some.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/GET/"
}

# The stage is not declared here.
# expect aws_apigatewayv2_integration.stage: the stage that is called is not known
resource "aws_lambda_function" "stage" {
  function_name = "stage"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_apigatewayv2_api" "web" {
  name          = "web"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "stage" {
  api_id           = aws_apigatewayv2_api.web.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.stage.invoke_arn
}

resource "aws_apigatewayv2_route" "stage" {
  api_id    = aws_apigatewayv2_api.web.id
  route_key = "GET /stock"
  target    = "integrations/${aws_apigatewayv2_integration.stage.id}"
}

resource "aws_lambda_permission" "stage" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.stage.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.web.execution_arn}/live/GET/stock"
}

# expect aws_apigatewayv2_integration.elsewhere: var.elsewhere
variable "elsewhere" {
  type = string
}

resource "aws_apigatewayv2_integration" "elsewhere" {
  api_id           = aws_apigatewayv2_api.web.id
  integration_type = "AWS_PROXY"
  integration_uri  = var.elsewhere
}

resource "aws_apigatewayv2_route" "elsewhere" {
  api_id    = aws_apigatewayv2_api.web.id
  route_key = "GET /elsewhere"
  target    = "integrations/${aws_apigatewayv2_integration.elsewhere.id}"
}

# expect aws_api_gateway_integration.named_by_stage: a stage variable names it
resource "aws_api_gateway_integration" "named_by_stage" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "POST"
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${aws_lambda_function.orders.arn}:$${stageVariables.alias}/invocations"
}

resource "aws_lambda_permission" "named_by_stage" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  qualifier     = "live"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/POST/"
}
