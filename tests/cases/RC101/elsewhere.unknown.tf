# expect aws_lambda_function.literal: is written out
# expect aws_lambda_function.variable: var.role_arn has no known value
# expect aws_lambda_function.remote_state: has no known value
# expect aws_lambda_function.one_of_two: known
# expect aws_lambda_function.switched_off: count = 0
# expect aws_lambda_function.path_of_a_variable: the path of aws_iam_role.somewhere is not known
# expect aws_lambda_function.service_linked: known only when Terraform runs
variable "role_arn" {
  type = string
}

variable "own_role" {
  type = bool
}

resource "aws_lambda_function" "literal" {
  function_name = "literal"
  role          = "arn:aws:iam::111122223333:role/app"
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = var.role_arn
}

data "terraform_remote_state" "base" {
  backend = "s3"
}

resource "aws_lambda_function" "remote_state" {
  function_name = "remote-state"
  role          = data.terraform_remote_state.base.outputs.role_arn
}

resource "aws_lambda_function" "one_of_two" {
  function_name = "one-of-two"
  role          = var.own_role ? aws_iam_role.own.arn : var.role_arn
}

resource "aws_iam_role" "own" {
  name               = "own"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role" "off" {
  count              = 0
  name               = "off"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "switched_off" {
  function_name = "switched-off"
  role          = aws_iam_role.off[0].arn
}

variable "path" {
  type = string
}

resource "aws_iam_role" "somewhere" {
  name               = "somewhere"
  path               = var.path
  assume_role_policy = aws_iam_role.own.assume_role_policy
}

resource "aws_lambda_function" "path_of_a_variable" {
  function_name = "path-of-a-variable"
  role          = "arn:aws:iam::111122223333:role/${aws_iam_role.somewhere.name}"
}

resource "aws_iam_service_linked_role" "linked" {
  aws_service_name = "replicator.lambda.amazonaws.com"
}

resource "aws_lambda_function" "service_linked" {
  function_name = "service-linked"
  role          = aws_iam_service_linked_role.linked.arn
}
