# expect aws_lambda_function.headers: known only when Terraform runs
# expect aws_lambda_function.redirects: is not known
# expect aws_lambda_function.images: looked up by a data source
# expect aws_lambda_function.passed_in: The execution role of
variable "edge_service" {
  type = string
}

variable "role_arn" {
  type = string
}

# The trust policy lies in a file.
resource "aws_iam_role" "headers" {
  name               = "headers"
  assume_role_policy = file("trust.json")
}

# Whoever deploys names the second service.
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
        Principal = { Service = var.edge_service }
      },
    ]
  })
}

data "aws_iam_role" "images" {
  name = "images"
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
  role          = data.aws_iam_role.images.arn
}

resource "aws_lambda_function" "passed_in" {
  function_name = "passed-in"
  role          = var.role_arn
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
      lambda_arn = aws_lambda_function.passed_in.qualified_arn
    }
  }
}
