provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# The rotation names the alias, the permission is for the function.
# expect aws_secretsmanager_secret_rotation.db: Statements for the function itself do not cover this
resource "aws_lambda_function" "rotate" {
  function_name = "rotate"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.rotate.function_name
  function_version = "1"
}

resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = "db"
  rotation_lambda_arn = aws_lambda_alias.live.arn
}

resource "aws_lambda_permission" "db" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.rotate.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = "111122223333"
}

# expect aws_secretsmanager_secret_rotation.mail: cannot invoke rotate_mail: its policy has no statement
resource "aws_lambda_function" "rotate_mail" {
  function_name = "rotate_mail"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_secretsmanager_secret" "mail" {
  name = "mail"
}

resource "aws_secretsmanager_secret_rotation" "mail" {
  secret_id           = aws_secretsmanager_secret.mail.id
  rotation_lambda_arn = aws_lambda_function.rotate_mail.arn
}
