"""A file of a module that was not read: what is missing may be in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hosts import run_checkov

from rolecall import trace
from rolecall.findings import Finding

MAIN = """
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_sns_topic_subscription" "orders" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.app.arn
}
"""
REST = """
resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function_event_invoke_config" "app" {
  function_name = aws_lambda_function.app.function_name
  destination_config {
    on_failure {
      destination = "arn:aws:sqs:eu-west-1:111122223333:failures"
    }
  }
}
"""
RULES = ("RC124", "RC203", "RC305")


@pytest.mark.parametrize(
    ("arguments", "rest", "expected"),
    [
        (["-d", "."], REST, "PASS"),
        (["-d", "."], "", "FAIL"),
        (["-f", "main.tf"], REST, "UNKNOWN"),
        (["-f", "main.tf"], 'variable "stage" {}\n', "FAIL"),
        (["-d", "."], REST + "}", "UNKNOWN"),
    ],
    ids=["all read", "nothing more", "a file alone", "a file alone, nothing more", "a broken file"],
)
def test_what_is_missing_may_be_in_a_file_that_was_not_read(
    arguments: list[str], rest: str, expected: str, tmp_path: Path
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.tf").write_text(MAIN)
    (code / "rest.tf").write_text(rest)
    file = tmp_path / "trace.jsonl"
    run_checkov(*arguments, "--framework", "terraform", "-c", "CKV_RC_*", cwd=code, env={"ROLECALL_TRACE": str(file)})
    said = {line.rule: line for _, line in trace.read(file) if isinstance(line, Finding)}
    assert {rule: said[rule].status.value for rule in RULES} == dict.fromkeys(RULES, expected)
    if expected == "UNKNOWN":
        assert all("rest.tf" in said[rule].message for rule in RULES)
    assert not [line for line in said.values() if line.status.value == "ERROR"]
