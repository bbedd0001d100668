module "role" {
  source = "./role"
}

module "functions" {
  for_each = toset(["a", "b"])
  source   = "./function"
  name     = "function-${each.key}"
  role_arn = module.role.arn
}

resource "aws_lambda_function" "of_the_output" {
  function_name = "of-the-output"
  role          = module.role.arn
}
