# expect aws_lambda_function.literal: one of its own account is not known
# expect aws_lambda_function.variable: var.role_arn has no known value
variable "role_arn" {
  type = string
}

resource "aws_lambda_function" "literal" {
  function_name = "literal"
  role          = "arn:aws:iam::111122223333:role/app"
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = var.role_arn
}
