# expect aws_lambda_function.app: may be declared in terragrunt.hcl, which was not read
resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}
