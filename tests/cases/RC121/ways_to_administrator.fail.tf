# expect aws_lambda_function.trust: may do iam:UpdateAssumeRolePolicy on any role, and so take over every role
# expect aws_lambda_function.keys: iam:CreateAccessKey on any user
# expect aws_lambda_function.password: iam:CreateLoginProfile on any user
# expect aws_lambda_function.new_password: iam:UpdateLoginProfile on any user
# expect aws_lambda_function.group_policy: iam:AttachGroupPolicy on any group
# expect aws_lambda_function.group_inline: iam:PutGroupPolicy on any group
# expect aws_lambda_function.member: iam:AddUserToGroup on any group
# expect aws_lambda_function.itself: may do iam:PutRolePolicy on itself
# expect aws_lambda_function.passes_to_function: iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction on whatever it likes
# expect aws_lambda_function.passes_and_maps: lambda:CreateEventSourceMapping
# expect aws_lambda_function.passes_to_instance: every role of the account that trusts ec2.amazonaws.com
# expect aws_lambda_function.passes_to_stack: iam:PassRole and cloudformation:CreateStack
# expect aws_lambda_function.passes_to_build: codebuild:CreateProject
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "trust" {
  name               = "trust"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "trust" {
  role = aws_iam_role.trust.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:UpdateAssumeRolePolicy", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "trust" {
  function_name = "trust"
  role          = aws_iam_role.trust.arn
}

resource "aws_iam_role" "keys" {
  name               = "keys"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "keys" {
  role = aws_iam_role.keys.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:user/*" },
    ]
  })
}

resource "aws_lambda_function" "keys" {
  function_name = "keys"
  role          = aws_iam_role.keys.arn
}

resource "aws_iam_role" "password" {
  name               = "password"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "password" {
  role = aws_iam_role.password.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:CreateLoginProfile", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "password" {
  function_name = "password"
  role          = aws_iam_role.password.arn
}

resource "aws_iam_role" "new_password" {
  name               = "new-password"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "new_password" {
  role = aws_iam_role.new_password.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:UpdateLoginProfile", "iam:GetUser"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "new_password" {
  function_name = "new-password"
  role          = aws_iam_role.new_password.arn
}

resource "aws_iam_role" "group_policy" {
  name               = "group-policy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "group_policy" {
  role = aws_iam_role.group_policy.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:AttachGroupPolicy", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "group_policy" {
  function_name = "group-policy"
  role          = aws_iam_role.group_policy.arn
}

resource "aws_iam_role" "group_inline" {
  name               = "group-inline"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "group_inline" {
  role = aws_iam_role.group_inline.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PutGroupPolicy", Resource = "arn:aws:iam::*:group/*" },
    ]
  })
}

resource "aws_lambda_function" "group_inline" {
  function_name = "group-inline"
  role          = aws_iam_role.group_inline.arn
}

resource "aws_iam_role" "member" {
  name               = "member"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "member" {
  role = aws_iam_role.member.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:AddUserToGroup", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "member" {
  function_name = "member"
  role          = aws_iam_role.member.arn
}

resource "aws_iam_role" "itself" {
  name               = "itself"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "itself" {
  role = aws_iam_role.itself.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.itself.arn },
    ]
  })
}

resource "aws_lambda_function" "itself" {
  function_name = "itself"
  role          = aws_iam_role.itself.arn
}

resource "aws_iam_role" "passes_to_function" {
  name               = "passes-to-function"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_to_function" {
  role = aws_iam_role.passes_to_function.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_to_function" {
  function_name = "passes-to-function"
  role          = aws_iam_role.passes_to_function.arn
}

resource "aws_iam_role" "passes_and_maps" {
  name               = "passes-and-maps"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_and_maps" {
  role = aws_iam_role.passes_and_maps.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/*" },
      { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:CreateEventSourceMapping"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_and_maps" {
  function_name = "passes-and-maps"
  role          = aws_iam_role.passes_and_maps.arn
}

resource "aws_iam_role" "passes_to_instance" {
  name               = "passes-to-instance"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_to_instance" {
  role = aws_iam_role.passes_to_instance.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:PassRole", "ec2:RunInstances"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_to_instance" {
  function_name = "passes-to-instance"
  role          = aws_iam_role.passes_to_instance.arn
}

resource "aws_iam_role" "passes_to_stack" {
  name               = "passes-to-stack"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_to_stack" {
  role = aws_iam_role.passes_to_stack.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
      { Effect = "Allow", Action = "cloudformation:*", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_to_stack" {
  function_name = "passes-to-stack"
  role          = aws_iam_role.passes_to_stack.arn
}

resource "aws_iam_role" "passes_to_build" {
  name               = "passes-to-build"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "passes_to_build" {
  role = aws_iam_role.passes_to_build.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
      { Effect = "Allow", Action = ["codebuild:CreateProject", "codebuild:StartBuild"], Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "passes_to_build" {
  function_name = "passes-to-build"
  role          = aws_iam_role.passes_to_build.arn
}
