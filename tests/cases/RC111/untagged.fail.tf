# expect aws_iam_role.untagged: has no tag that names its function (function)
# expect aws_iam_role.other_tags: has no tag that names its function
# expect aws_iam_role.another: function = invoices names another
resource "aws_iam_role" "untagged" {
  name = "untagged"
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

# Keys of tags are told apart by case.
resource "aws_iam_role" "other_tags" {
  name = "other-tags"
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
  tags = { team = "sales", Function = "other-tags" }
}

# Copied from another function.
resource "aws_iam_role" "another" {
  name = "another"
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
  tags = { function = "invoices" }
}

resource "aws_lambda_function" "untagged" {
  function_name = "untagged"
  role          = aws_iam_role.untagged.arn
}

resource "aws_lambda_function" "other_tags" {
  function_name = "other-tags"
  role          = aws_iam_role.other_tags.arn
}

resource "aws_lambda_function" "another" {
  function_name = "another"
  role          = aws_iam_role.another.arn
}
