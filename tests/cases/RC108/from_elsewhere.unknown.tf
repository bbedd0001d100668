# expect aws_lambda_function.variable: Where
# expect aws_lambda_function.defaulted: is a variable's default
# expect aws_lambda_function.remote_state: Where
# expect aws_lambda_function.parameter: Where
variable "role_arn" {
  type = string
}

variable "default_role_arn" {
  default = "arn:aws:iam::111122223333:role/app"
}

data "terraform_remote_state" "iam" {
  backend = "s3"
}

data "aws_ssm_parameter" "role" {
  name = "/iam/app"
}

resource "aws_lambda_function" "variable" {
  function_name = "variable"
  role          = var.role_arn
}

# The default is written out; whoever deploys may refer to a role.
resource "aws_lambda_function" "defaulted" {
  function_name = "defaulted"
  role          = var.default_role_arn
}

resource "aws_lambda_function" "remote_state" {
  function_name = "remote-state"
  role          = data.terraform_remote_state.iam.outputs.role_arn
}

resource "aws_lambda_function" "parameter" {
  function_name = "parameter"
  role          = data.aws_ssm_parameter.role.value
}
