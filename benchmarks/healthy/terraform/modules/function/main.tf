variable "name" {}

resource "aws_iam_role" "maker" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "rc124_rc127_maker" {
  role = aws_iam_role.maker.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "RC124Maker", Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Sid = "RC127Maker", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = "arn:aws:sqs:eu-west-1:111122223333:${var.name}-failed" },
    ]
  })
}

resource "aws_sqs_queue" "failed" {
  name = "${var.name}-failed"
}

resource "aws_lambda_function" "maker" {
  function_name = var.name
  role          = aws_iam_role.maker.arn
  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
}

output "name" {
  value = aws_lambda_function.maker.function_name
}

output "arn" {
  value = aws_lambda_function.maker.arn
}
