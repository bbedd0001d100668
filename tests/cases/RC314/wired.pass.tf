provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_bedrockagent_agent" "support" {
  agent_name              = "support"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "anthropic.claude-3-haiku-20240307-v1:0"
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  action_group_name = "orders"
  agent_id          = aws_bedrockagent_agent.support.agent_id
  agent_version     = "DRAFT"
  action_group_executor {
    lambda = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_permission" "orders" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.function_name
  principal      = "bedrock.amazonaws.com"
  source_arn     = aws_bedrockagent_agent.support.agent_arn
  source_account = "111122223333"
}

# The caller is asked instead of a function.
resource "aws_bedrockagent_agent_action_group" "ask" {
  action_group_name = "ask"
  agent_id          = aws_bedrockagent_agent.support.agent_id
  agent_version     = "DRAFT"
  action_group_executor {
    custom_control = "RETURN_CONTROL"
  }
}

resource "aws_lambda_function" "parse" {
  function_name = "parse"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_bedrockagent_agent" "parsed" {
  agent_name              = "parsed"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "anthropic.claude-3-haiku-20240307-v1:0"
  prompt_override_configuration {
    override_lambda = aws_lambda_function.parse.arn
  }
}

resource "aws_lambda_permission" "parse" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.parse.function_name
  principal     = "bedrock.amazonaws.com"
  source_arn    = "arn:aws:bedrock:eu-west-1:111122223333:agent/*"
}
