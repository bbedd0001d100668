# expect aws_lambda_function.headers: does not trust edgelambda.amazonaws.com
# The distribution names the function by the ARN of a version that is written out.
resource "aws_cloudfront_distribution" "site" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
    lambda_function_association {
      event_type = "viewer-response"
      lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:headers:7"
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
  publish       = true
}

# No distribution names it.
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.headers.arn
}
