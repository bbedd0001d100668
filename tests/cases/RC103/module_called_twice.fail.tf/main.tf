# expect aws_lambda_function.bad: admits edgelambda.amazonaws.com only
# Checkov 3.3.30 renders both references with the output of the call that comes first.
module "good" {
  source  = "./role"
  name    = "good"
  service = "lambda.amazonaws.com"
}

module "worse" {
  source  = "./role"
  name    = "worse"
  service = "edgelambda.amazonaws.com"
}

resource "aws_lambda_function" "good" {
  function_name = "good"
  role          = module.good.arn
}

resource "aws_lambda_function" "bad" {
  function_name = "bad"
  role          = module.worse.arn # the other one
}
