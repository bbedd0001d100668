variable "action" {
  default = "lambda:InvokeFunction"
}

variable "function_name" {}

variable "principal" {}

variable "source_arn" {}

resource "aws_lambda_permission" "this" {
  action        = var.action
  function_name = var.function_name
  principal     = var.principal
  source_arn    = var.source_arn
}
