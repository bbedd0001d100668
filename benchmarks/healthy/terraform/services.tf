provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

data "aws_iam_role" "other" {
  name = "other"
}

resource "aws_lambda_function" "other" {
  function_name = "other"
  role          = data.aws_iam_role.other.arn
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "rc124_orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_cognito_user_pool" "people" {
  name = "people"
  lambda_config {
    pre_sign_up = aws_lambda_function.orders.arn
  }
}

resource "aws_cognito_user_pool" "other" {
  name = "other"
}

resource "aws_lambda_permission" "rc307_people" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.people.arn
}

resource "aws_secretsmanager_secret" "password" {
  name = "password"
}

resource "aws_secretsmanager_secret" "other" {
  name = "other"
}

resource "aws_secretsmanager_secret_rotation" "password" {
  secret_id           = aws_secretsmanager_secret.password.id
  rotation_lambda_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "rc308_password" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_arn     = aws_secretsmanager_secret.password.arn
  source_account = "111122223333"
}

resource "aws_ses_receipt_rule_set" "mail" {
  rule_set_name = "mail"
}

resource "aws_ses_receipt_rule" "mail" {
  name          = "mail"
  rule_set_name = aws_ses_receipt_rule_set.mail.rule_set_name
  lambda_action {
    function_arn    = aws_lambda_function.orders.arn
    invocation_type = "RequestResponse"
    position        = 1
  }
}

resource "aws_lambda_permission" "rc310_mail" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "ses.amazonaws.com"
  source_arn     = "arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/mail:receipt-rule/mail"
  source_account = "111122223333"
}

resource "aws_config_config_rule" "checked" {
  name = "checked"
  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.orders.arn
    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }
  }
}

resource "aws_lambda_permission" "rc311_checked" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "config.amazonaws.com"
  source_arn     = aws_config_config_rule.checked.arn
  source_account = "111122223333"
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  target_type = "lambda"
}

resource "aws_lb_target_group" "other" {
  name        = "other"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "rc312_web" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.web.arn
}

resource "aws_bedrockagent_agent" "support" {
  agent_name              = "support"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "amazon.nova-lite-v1:0"
}

resource "aws_bedrockagent_agent_action_group" "support" {
  action_group_name = "support"
  agent_id          = aws_bedrockagent_agent.support.id
  agent_version     = "DRAFT"
  action_group_executor {
    lambda = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "rc314_support" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "bedrock.amazonaws.com"
  source_arn     = aws_bedrockagent_agent.support.agent_arn
  source_account = "111122223333"
}
