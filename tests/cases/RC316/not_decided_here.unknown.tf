provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "authorize" {
  function_name = "authorize"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# expect aws_appsync_graphql_api.shop: whether appsync.amazonaws.com sends aws:SourceAccount is not documented
resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "AWS_LAMBDA"
  lambda_authorizer_config {
    authorizer_uri = aws_lambda_function.authorize.arn
  }
}

resource "aws_lambda_permission" "shop" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.authorize.function_name
  principal      = "appsync.amazonaws.com"
  source_arn     = aws_appsync_graphql_api.shop.arn
  source_account = "111122223333"
}
