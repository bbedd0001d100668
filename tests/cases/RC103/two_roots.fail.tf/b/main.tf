# expect aws_lambda_function.of_b: admits ec2.amazonaws.com only
module "role" {
  source  = "../shared"
  service = "ec2.amazonaws.com"
}

resource "aws_lambda_function" "of_b" {
  function_name = "of-b"
  role          = module.role.arn
}
