"""What the pack adds to a Checkov run: wall time with and without it, on generated trees of functions.

Each function has a role with a policy, a permission, a trigger, and a queue that it reads by a mapping. Of five
functions, one each is called by a topic, a bucket, an EventBridge rule, a load balancer and an API.

Median of five pairs. ``floor`` is a run with as many checks on the same resources that answer PASSED at once: what
Checkov itself spends on calling a check and keeping its answer.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (500, 2000, 5000)
PAIRS = 5
PACK = Path(__file__).parent.parent / "checkov_checks"
FUNCTION = """
resource "aws_iam_role" "r{n}" {{
  name = "r{n}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}

resource "aws_iam_role_policy" "r{n}" {{
  role = aws_iam_role.r{n}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:*:*:log-group:/aws/lambda/f{n}:*"
      }},
      {{
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.q{n}.arn
      }},
    ]
  }})
}}

resource "aws_lambda_function" "f{n}" {{
  function_name = "f{n}"
  role          = aws_iam_role.r{n}.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  dead_letter_config {{
    target_arn = aws_sqs_queue.q{n}.arn
  }}
}}

resource "aws_sqs_queue" "q{n}" {{
  name = "q{n}"
}}

resource "aws_lambda_event_source_mapping" "m{n}" {{
  function_name    = aws_lambda_function.f{n}.arn
  event_source_arn = aws_sqs_queue.q{n}.arn
}}

resource "aws_lambda_permission" "p{n}" {{
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f{n}.function_name
  principal     = "{principal}"
  source_arn    = {source}
}}
"""
TRIGGERS = (
    ("sns.amazonaws.com", "aws_sns_topic.t{n}.arn", """
resource "aws_sns_topic" "t{n}" {{
  name = "t{n}"
}}

resource "aws_sns_topic_subscription" "s{n}" {{
  protocol  = "lambda"
  topic_arn = aws_sns_topic.t{n}.arn
  endpoint  = aws_lambda_function.f{n}.arn
}}
"""),
    ("s3.amazonaws.com", "aws_s3_bucket.b{n}.arn", """
resource "aws_s3_bucket" "b{n}" {{
  bucket = "b{n}"
}}

resource "aws_s3_bucket_notification" "b{n}" {{
  bucket = aws_s3_bucket.b{n}.id
  lambda_function {{
    lambda_function_arn = aws_lambda_function.f{n}.arn
    events              = ["s3:ObjectCreated:*"]
  }}
}}
"""),
    ("events.amazonaws.com", "aws_cloudwatch_event_rule.e{n}.arn", """
resource "aws_cloudwatch_event_rule" "e{n}" {{
  name                = "e{n}"
  schedule_expression = "rate(1 hour)"
}}

resource "aws_cloudwatch_event_target" "e{n}" {{
  rule = aws_cloudwatch_event_rule.e{n}.name
  arn  = aws_lambda_function.f{n}.arn
}}
"""),
    ("elasticloadbalancing.amazonaws.com", "aws_lb_target_group.g{n}.arn", """
resource "aws_lb_target_group" "g{n}" {{
  name        = "g{n}"
  target_type = "lambda"
}}

resource "aws_lb_target_group_attachment" "g{n}" {{
  target_group_arn = aws_lb_target_group.g{n}.arn
  target_id        = aws_lambda_function.f{n}.arn
}}
"""),
    ("apigateway.amazonaws.com", '"${{aws_apigatewayv2_api.a{n}.execution_arn}}/*/*"', """
resource "aws_apigatewayv2_api" "a{n}" {{
  name          = "a{n}"
  protocol_type = "HTTP"
}}

resource "aws_apigatewayv2_integration" "a{n}" {{
  api_id                 = aws_apigatewayv2_api.a{n}.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.f{n}.invoke_arn
  payload_format_version = "2.0"
}}

resource "aws_apigatewayv2_route" "a{n}" {{
  api_id    = aws_apigatewayv2_api.a{n}.id
  route_key = "GET /f{n}"
  target    = "integrations/${{aws_apigatewayv2_integration.a{n}.id}}"
}}
"""),
)  # fmt: skip


def write_tree(folder: Path, functions: int) -> None:
    """A Terraform configuration of so many functions, each with what belongs to it.

    In files of 50: Checkov leaves out a file whose parsing takes more than ten seconds.
    """
    for first in range(0, functions, 50):
        parts = []
        for n in range(first, min(first + 50, functions)):
            principal, source, trigger = TRIGGERS[n % len(TRIGGERS)]
            parts += [FUNCTION.format(n=n, principal=principal, source=source.format(n=n)), trigger.format(n=n)]
        (folder / f"functions_{first}.tf").write_text("".join(parts))


IDLE = """
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from rolecall.rules import load_rules


class Idle(BaseResourceCheck):
    def scan_resource_conf(self, conf):
        return CheckResult.PASSED


for rule in load_rules().values():
    if rule.entry.default and "terraform" in rule.entry.surfaces:
        Idle("idle", rule.entry.checkov_id, [CheckCategories.IAM], rule.entry.checkov.resources["terraform"])
        RunnerFilter.notify_external_check(rule.entry.checkov_id)
"""


def main() -> None:
    for size in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            code, idle = Path(folder, "code"), Path(folder, "idle")
            code.mkdir()
            idle.mkdir()
            write_tree(code, size)
            (idle / "__init__.py").touch()
            (idle / "idle.py").write_text(IDLE)
            times: dict[str, list[float]] = {"bare": [], "pack": [], "floor": []}
            for _ in range(PAIRS):
                times["bare"].append(seconds(code))
                times["pack"].append(seconds(code, PACK))
                times["floor"].append(seconds(code, idle))
            middle = {name: statistics.median(measured) for name, measured in times.items()}
            added = {
                name: statistics.median(b / a - 1 for a, b in zip(times["bare"], times[name], strict=True))
                for name in ("pack", "floor")
            }
            print(
                f"{size} functions: {middle['bare']:.1f} s without, {middle['pack']:.1f} s with the pack: "
                f"{added['pack']:+.1%}; floor {middle['floor']:.1f} s: {added['floor']:+.1%}",
                flush=True,
            )


def seconds(folder: Path, pack: Path | None = None) -> float:
    checkov = os.environ.get("ROLECALL_CHECKOV_BIN", "checkov")
    command = [checkov, "-d", str(folder), "--framework", "terraform", "--quiet", "--compact", "--skip-download"]
    started = time.monotonic()
    checks = ["--external-checks-dir", str(pack)] if pack else []
    run = subprocess.run([*command, *checks], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"Checkov ended with {run.returncode}\n{run.stderr[-4000:]}")
    return time.monotonic() - started


if __name__ == "__main__":
    main()
