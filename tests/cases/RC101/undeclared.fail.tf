# expect aws_lambda_function.undeclared: aws_iam_role.gone is not declared
# expect aws_lambda_function.no_data_source: data.aws_iam_role.gone is not declared
# expect aws_lambda_function.not_a_role: aws_iam_policy.app is not a role
# expect aws_lambda_function.without_path: has the path /service/
resource "aws_lambda_function" "undeclared" {
  function_name = "undeclared"
  role          = aws_iam_role.gone.arn
}

resource "aws_lambda_function" "no_data_source" {
  function_name = "no-data-source"
  role          = data.aws_iam_role.gone.arn
}

resource "aws_iam_policy" "app" {
  name   = "app"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_lambda_function" "not_a_role" {
  function_name = "not-a-role"
  role          = aws_iam_policy.app.arn
}

resource "aws_iam_role" "with_path" {
  name               = "with-path"
  path               = "/service/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "without_path" {
  function_name = "without-path"
  role          = "arn:aws:iam::111122223333:role/${aws_iam_role.with_path.name}"
}

resource "aws_lambda_function" "healthy" {
  function_name = "healthy"
  role          = aws_iam_role.with_path.arn
}
