# expect aws_lambda_permission.topic: lets sns.amazonaws.com invoke app on behalf of any account
# expect aws_lambda_permission.alias: events.amazonaws.com
# expect aws_lambda_permission.any_action: s3.amazonaws.com
# expect aws_lambda_permission.any_source: s3.amazonaws.com
# expect aws_lambda_permission.any_bucket: s3.amazonaws.com
# expect aws_lambda_permission.organization: as it stands the statement admits nobody
resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = "arn:aws:iam::111122223333:role/app"
}

resource "aws_lambda_permission" "topic" {
  statement_id  = "topic"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "sns.amazonaws.com"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.app.arn
  function_version = "1"
}

resource "aws_lambda_permission" "alias" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_alias.live.arn
  principal     = "events.amazonaws.com"
}

resource "aws_lambda_permission" "any_action" {
  action        = "lambda:*"
  function_name = aws_lambda_function.app.function_name
  principal     = "s3.amazonaws.com"
}

resource "aws_lambda_permission" "any_source" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "*"
}

resource "aws_lambda_permission" "organization" {
  action           = "lambda:InvokeFunction"
  function_name    = aws_lambda_function.app.function_name
  principal        = "s3.amazonaws.com"
  principal_org_id = "o-a1b2c3d4e5"
}

resource "aws_lambda_permission" "any_bucket" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::*"
}
