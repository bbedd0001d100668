# expect aws_lambda_function.literal: one of its own account is not known
# expect aws_lambda_function.mapped: is not known
# expect aws_lambda_function.chosen: is not known
# expect aws_lambda_function.placeholder: placeholder
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

variable "accounts" {
  type = map(string)
}

variable "env" {
  type = string
}

variable "placeholder" {
  default = "none"
}

locals {
  roles = { dev = "arn:aws:iam::111122223333:role/dev" }
}

resource "aws_lambda_function" "mapped" {
  function_name = "mapped"
  role          = "arn:aws:iam::${var.accounts["dev"]}:role/app"
}

resource "aws_lambda_function" "chosen" {
  function_name = "chosen"
  role          = local.roles[var.env]
}

resource "aws_lambda_function" "placeholder" {
  function_name = "placeholder"
  role          = var.placeholder
}
