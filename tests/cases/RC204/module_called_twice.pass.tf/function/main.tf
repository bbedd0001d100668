variable "name" {
  type = string
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = "arn:aws:iam::111122223333:role/app"
}

output "name" {
  value = aws_lambda_function.this.function_name
}
