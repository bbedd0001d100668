# One statement lists both services.
resource "aws_iam_role" "headers" {
  name = "headers"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] }
      },
    ]
  })
}

# A statement for each service.
resource "aws_iam_role" "redirects" {
  name = "redirects"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "edgelambda.amazonaws.com" }
      },
    ]
  })
}

# CloudFront does not run this function: the rule says nothing of it.
resource "aws_iam_role" "regional" {
  name = "regional"
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

resource "aws_lambda_function" "headers" {
  function_name = "headers"
  role          = aws_iam_role.headers.arn
}

resource "aws_lambda_function" "redirects" {
  function_name = "redirects"
  role          = aws_iam_role.redirects.arn
}

resource "aws_lambda_function" "regional" {
  function_name = "regional"
  role          = aws_iam_role.regional.arn
}

# The document of a data source, for a function that a second behavior runs.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "images" {
  name               = "images"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_lambda_function" "images" {
  function_name = "images"
  role          = aws_iam_role.images.arn
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
}
