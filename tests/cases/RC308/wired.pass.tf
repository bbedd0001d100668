provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "rotate" {
  function_name = "rotate"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_secretsmanager_secret" "db" {
  name = "db"
}

resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = aws_secretsmanager_secret.db.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn
  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_lambda_permission" "db" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.rotate.function_name
  principal     = "secretsmanager.amazonaws.com"
  source_arn    = aws_secretsmanager_secret.db.arn
}

# As AWS recommends: the source account alone, for any secret. Here the secret is named, not referred to.
resource "aws_lambda_function" "rotate_all" {
  function_name = "rotate_all"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_secretsmanager_secret_rotation" "mail" {
  secret_id           = "mail"
  rotation_lambda_arn = aws_lambda_function.rotate_all.arn
}

resource "aws_lambda_permission" "all" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.rotate_all.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = "111122223333"
}

# A rotation that the service manages itself calls no function.
resource "aws_secretsmanager_secret_rotation" "managed" {
  secret_id          = aws_secretsmanager_secret.db.id
  rotate_immediately = true
}
