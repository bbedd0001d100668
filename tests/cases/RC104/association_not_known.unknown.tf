# expect aws_lambda_function.headers: a dynamic lambda_function_association block
variable "associations" {
  type = map(string)
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
    dynamic "lambda_function_association" {
      for_each = var.associations
      content {
        event_type = lambda_function_association.key
        lambda_arn = lambda_function_association.value
      }
    }
  }
}

resource "aws_iam_role" "headers" {
  name = "headers"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "headers" {
  function_name = "headers"
  role          = aws_iam_role.headers.arn
}
