provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# As AWS documents it, without a source; RC341 has something to say of it.
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

resource "aws_lambda_permission" "any" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorize.function_name
  principal     = "appsync.amazonaws.com"
}

resource "aws_lambda_function" "second" {
  function_name = "second"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_appsync_graphql_api" "mail" {
  name                = "mail"
  authentication_type = "API_KEY"
  additional_authentication_provider {
    authentication_type = "AWS_LAMBDA"
    lambda_authorizer_config {
      authorizer_uri = aws_lambda_function.second.arn
    }
  }
  additional_authentication_provider {
    authentication_type = "AWS_IAM"
  }
}

resource "aws_lambda_permission" "second" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.second.function_name
  principal     = "appsync.amazonaws.com"
  source_arn    = aws_appsync_graphql_api.mail.arn
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

resource "aws_lambda_permission" "events" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.second.function_name
  principal     = "appsync.amazonaws.com"
  source_arn    = aws_appsync_api.events.api_arn
}
