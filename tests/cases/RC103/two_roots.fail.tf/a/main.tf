module "role" {
  source  = "../shared"
  service = "lambda.amazonaws.com"
}

resource "aws_lambda_function" "of_a" {
  function_name = "of-a"
  role          = module.role.arn
}
