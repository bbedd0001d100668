# expect aws_lambda_function.headers: does not trust edgelambda.amazonaws.com
# expect aws_lambda_function.redirects: does not trust lambda.amazonaws.com
# expect aws_lambda_function.images: does not trust edgelambda.amazonaws.com
# expect aws_lambda_function.denied: does not trust edgelambda.amazonaws.com
# expect aws_lambda_function.batch: does not trust lambda.amazonaws.com and edgelambda.amazonaws.com
# The ordinary trust policy of a Lambda function.
resource "aws_iam_role" "headers" {
  name = "headers"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
}

# Runs at the edge, but Lambda cannot copy it there.
resource "aws_iam_role" "redirects" {
  name = "redirects"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "edgelambda.amazonaws.com" }
      },
    ]
  })
}

# Another behavior of the distribution runs it.
resource "aws_iam_role" "images" {
  name = "images"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
    ]
  })
}

# Admitted by one statement, forbidden by another.
resource "aws_iam_role" "denied" {
  name = "denied"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] }
      },
      {
        Effect    = "Deny"
        Action    = "sts:AssumeRole"
        Principal = { Service = "edgelambda.amazonaws.com" }
      },
    ]
  })
}

# The role of something else.
resource "aws_iam_role" "batch" {
  name = "batch"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ec2.amazonaws.com" }
      },
    ]
  })
}

resource "aws_lambda_function" "headers" {
  function_name = "headers"
  role          = aws_iam_role.headers.arn
}

resource "aws_lambda_function" "redirects" {
  function_name = "redirects"
  role          = aws_iam_role.redirects.arn
}

resource "aws_lambda_function" "images" {
  function_name = "images"
  role          = aws_iam_role.images.arn
}

resource "aws_lambda_function" "denied" {
  function_name = "denied"
  role          = aws_iam_role.denied.arn
}

resource "aws_lambda_function" "batch" {
  function_name = "batch"
  role          = aws_iam_role.batch.arn
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    lambda_function_association {
      event_type = "viewer-response"
      lambda_arn = aws_lambda_function.headers.qualified_arn
    }
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = aws_lambda_function.redirects.qualified_arn
    }
  }
  ordered_cache_behavior {
    path_pattern           = "/0/*"
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    lambda_function_association {
      event_type = "origin-request"
      lambda_arn = aws_lambda_function.images.qualified_arn
    }
  }
  ordered_cache_behavior {
    path_pattern           = "/1/*"
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    lambda_function_association {
      event_type = "origin-request"
      lambda_arn = aws_lambda_function.denied.qualified_arn
    }
  }
  ordered_cache_behavior {
    path_pattern           = "/2/*"
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    lambda_function_association {
      event_type = "origin-response"
      lambda_arn = aws_lambda_function.batch.qualified_arn
    }
  }
}
