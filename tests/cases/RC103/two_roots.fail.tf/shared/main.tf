variable "service" {}

resource "aws_iam_role" "this" {
  name = "shared"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = var.service } }]
  })
}

output "arn" {
  value = aws_iam_role.this.arn
}
