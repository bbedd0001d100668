provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lb_target_group" "shop" {
  name        = "shop"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "shop" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "shop" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.shop.arn
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

# A statement without a source lets every load balancer in: RC341 reports that.

resource "aws_lb_target_group_attachment" "mail" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_lambda_function.mail.arn
}

resource "aws_lambda_permission" "mail" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.mail.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
}

# Not a function.

resource "aws_lb_target_group_attachment" "instance" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = "i-0123456789abcdef0"
}

# All target groups of one name.
resource "aws_lambda_function" "named" {
  function_name = "named"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lb_target_group_attachment" "named" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_lambda_function.named.arn
}

resource "aws_lambda_permission" "named" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.named.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/*"
}
