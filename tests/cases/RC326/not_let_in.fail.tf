provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codepipeline.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "caller" {
  role = aws_iam_role.caller.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_codepipeline.alias: does not cover its aliases and versions
resource "aws_codepipeline" "alias" {
  name     = "alias"
  role_arn = aws_iam_role.caller.arn
  artifact_store {
    location = "artifacts"
    type     = "S3"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["source"]
    }
  }
  stage {
    name = "Check"
    action {
      name     = "Smoke"
      category = "Invoke"
      owner    = "AWS"
      provider = "Lambda"
      version  = "1"
      configuration = {
        FunctionName = "orders:live"
      }
    }
  }
}

resource "aws_iam_role" "aliases" {
  name               = "aliases"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codepipeline.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "aliases" {
  role = aws_iam_role.aliases.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "${aws_lambda_function.orders.arn}:*" }]
  })
}

# expect aws_codepipeline.plain: only its aliases and versions
resource "aws_codepipeline" "plain" {
  name     = "plain"
  role_arn = aws_iam_role.aliases.arn
  artifact_store {
    location = "artifacts"
    type     = "S3"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["source"]
    }
  }
  stage {
    name = "Check"
    action {
      name     = "Smoke"
      category = "Invoke"
      owner    = "AWS"
      provider = "Lambda"
      version  = "1"
      configuration = {
        FunctionName = aws_lambda_function.orders.function_name
      }
    }
  }
}

resource "aws_iam_role" "stranger" {
  name               = "stranger"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "stranger" {
  role = aws_iam_role.stranger.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn }]
  })
}

# expect aws_codepipeline.untrusted: The action Smoke of the pipeline untrusted cannot invoke orders: codepipeline.amazonaws.com cannot assume stranger
resource "aws_codepipeline" "untrusted" {
  name     = "untrusted"
  role_arn = aws_iam_role.stranger.arn
  artifact_store {
    location = "artifacts"
    type     = "S3"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["source"]
    }
  }
  stage {
    name = "Check"
    action {
      name     = "Smoke"
      category = "Invoke"
      owner    = "AWS"
      provider = "Lambda"
      version  = "1"
      configuration = {
        FunctionName = aws_lambda_function.orders.function_name
      }
    }
  }
}

resource "aws_iam_role" "bare" {
  name               = "bare"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codepipeline.amazonaws.com" } }]
  })
}

# expect aws_codepipeline.nothing: bare may not invoke orders: no identity policy allows lambda:InvokeFunction
resource "aws_codepipeline" "nothing" {
  name     = "nothing"
  role_arn = aws_iam_role.bare.arn
  artifact_store {
    location = "artifacts"
    type     = "S3"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["source"]
    }
  }
  stage {
    name = "Check"
    action {
      name     = "Smoke"
      category = "Invoke"
      owner    = "AWS"
      provider = "Lambda"
      version  = "1"
      configuration = {
        FunctionName = aws_lambda_function.orders.function_name
      }
    }
  }
}
