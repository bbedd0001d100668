provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# API Gateway's principal does not let AppSync in.
# expect aws_appsync_graphql_api.shop: cannot invoke authorize
resource "aws_lambda_function" "authorize" {
  function_name = "authorize"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "AWS_LAMBDA"
  lambda_authorizer_config {
    authorizer_uri = aws_lambda_function.authorize.arn
  }
}

resource "aws_lambda_permission" "shop" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorize.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = aws_appsync_graphql_api.shop.arn
}

# expect aws_appsync_api.events: cannot invoke second: its policy has no statement
resource "aws_lambda_function" "second" {
  function_name = "second"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_appsync_api" "events" {
  name = "events"
  event_config {
    auth_provider {
      auth_type = "AWS_LAMBDA"
      lambda_authorizer_config {
        authorizer_uri = aws_lambda_function.second.arn
      }
    }
  }
}
