# expect aws_lambda_function.variable: Who else uses its role is not known
# expect aws_lambda_function.literal: Who else uses its role is not known
variable "role_arn" {
  type = string
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = var.role_arn
}

resource "aws_lambda_function" "literal" {
  function_name = "literal"
  role          = "arn:aws:iam::111122223333:role/app"
}
