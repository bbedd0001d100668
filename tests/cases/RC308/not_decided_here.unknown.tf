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

variable "secret" {}

# Whether it is the secret that the permission is for.
# expect aws_secretsmanager_secret_rotation.db: var.secret has no known value
resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = var.secret
  rotation_lambda_arn = aws_lambda_function.rotate.arn
}

resource "aws_lambda_permission" "db" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.rotate.function_name
  principal     = "secretsmanager.amazonaws.com"
  source_arn    = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3"
}
