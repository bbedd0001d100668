variable "name" {
  type = string
}

variable "role_arn" {
  type = string
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = var.role_arn
  runtime       = "python3.12"
  handler       = "index.handler"
  filename      = "${path.module}/function.zip"
}

output "name" {
  value = aws_lambda_function.this.function_name
}
