resource "aws_iam_role" "this" {
  name               = "of-the-module"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

output "arn" {
  value = aws_iam_role.this.arn
}
