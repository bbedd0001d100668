# expect aws_lambda_permission.source: var.source_arn has no known value
# expect aws_lambda_permission.principal: var.principal has no known value
# expect aws_lambda_permission.action: var.action has no known value
# expect aws_lambda_permission.maybe: is not known
# expect aws_lambda_permission.anybody: admits anybody
variable "source_arn" {
  type = string
}

variable "principal" {
  type = string
}

variable "action" {
  type = string
}

resource "aws_lambda_permission" "source" {
  action        = "lambda:InvokeFunction"
  function_name = "app"
  principal     = "sns.amazonaws.com"
  source_arn    = var.source_arn
}

resource "aws_lambda_permission" "principal" {
  action        = "lambda:InvokeFunction"
  function_name = "app"
  principal     = var.principal
}

resource "aws_lambda_permission" "action" {
  action        = var.action
  function_name = "app"
  principal     = "sns.amazonaws.com"
}

variable "enabled" {
  default = false
}

resource "aws_s3_bucket" "uploads" {
  bucket = "uploads"
}

resource "aws_lambda_permission" "maybe" {
  action        = "lambda:InvokeFunction"
  function_name = "app"
  principal     = "s3.amazonaws.com"
  source_arn    = var.enabled ? aws_s3_bucket.uploads.arn : null
}

resource "aws_lambda_permission" "anybody" {
  action        = "lambda:InvokeFunction"
  function_name = "app"
  principal     = "*"
}
