# expect aws_lambda_function.headers: var.headers has no known value, in ordered_cache_behavior.lambda_function_association of aws_cloudfront_distribution.site
variable "headers" {
  type = string
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
  }
  ordered_cache_behavior {
    path_pattern           = "/orders/*"
    viewer_protocol_policy = "https-only"
    lambda_function_association {
      event_type = "viewer-response"
      lambda_arn = var.headers
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
