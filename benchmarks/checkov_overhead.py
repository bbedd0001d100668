"""What the pack adds to a Checkov run: wall time with and without it, on generated trees of functions.

Each function has a role with a policy, a permission, a trigger, and a queue that it reads by a mapping. Of five
functions, one each is called by a topic, a bucket, an EventBridge rule, a load balancer and an API.

Medians of five rounds, of the ratios too. The pack saves some of Checkov's own time (``hosts/checkov_savings.py``): the
fourth row is a run with these savings and no rule, so that the second against the fourth is what the rules cost.
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
LARGE = 2000  # beyond it, with and without the pack only: a run takes minutes
ROOT = Path(__file__).parent.parent
PACK = ROOT / "checkov_checks"
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


SAVING = f"""
import sys

sys.path.append({str(ROOT)!r})
from rolecall.hosts import checkov_savings

checkov_savings.save()
"""
TIMED = f"""
import atexit
import sys
import time

sys.path.append({str(ROOT)!r})
from rolecall.hosts import checkov, checkov_scan

spent = [0.0]


def timed(function):
    def run(*arguments):
        started = time.process_time()
        try:
            return function(*arguments)
        finally:
            spent[0] += time.process_time() - started

    return run


checkov_scan.Scan.__init__ = timed(checkov_scan.Scan.__init__)
checkov_scan.Scan.of_rule = timed(checkov_scan.Scan.of_rule)
checkov.register()
atexit.register(lambda: print("own seconds:", spent[0], file=sys.stderr))
"""


def main() -> None:
    checkov = os.environ.get("ROLECALL_CHECKOV_BIN", "")
    os.environ["PATH"] = os.pathsep.join([*filter(None, [os.path.dirname(checkov)]), os.environ["PATH"]])
    for size in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            code = Path(folder, "code")
            code.mkdir()
            write_tree(code, size)
            measure(size, code, external(folder, "saving", SAVING), external(folder, "timed", TIMED))


def external(folder: str, name: str, module: str) -> Path:
    """A folder of external checks with one module."""
    made = Path(folder, name)
    made.mkdir()
    (made / "__init__.py").touch()
    (made / f"{name}.py").write_text(module)
    return made


def measure(size: int, code: Path, saving: Path, timed: Path) -> None:
    ways = {
        "Checkov": ["checkov"],
        "with the pack": ["checkov", "--external-checks-dir", str(PACK)],
        "rolecall checkov": [sys.executable, "-m", "rolecall", "checkov"],
        "Checkov with the savings alone": ["checkov", "--external-checks-dir", str(saving)],
    }
    if size > LARGE:
        ways = dict(list(ways.items())[:2])
    times: dict[str, list[float]] = {way: [] for way in ways}
    for pair in range(PAIRS):
        for way, command in ways.items():
            times[way].append(seconds(command, code))
            if sys.stderr.isatty():
                print(f"\r{size} functions, {pair + 1} of {PAIRS}: {way:<50}", end="\r", file=sys.stderr, flush=True)
    for way, measured in times.items():
        added = statistics.median(b / a - 1 for a, b in zip(times["Checkov"], measured, strict=True))
        print(f"{size:>5} functions  {statistics.median(measured):>6.1f} s  {added:>+6.1%}  {way}", flush=True)
    own = own_seconds(["checkov", "--external-checks-dir", str(timed)], code)
    print(f"{size:>5} functions  {own:>6.1f} s          processor time of our own reading and rules", flush=True)


def seconds(command: list[str], code: Path) -> float:
    started = time.monotonic()
    scan(command, code)
    return time.monotonic() - started


def own_seconds(command: list[str], code: Path) -> float:
    return float(scan(command, code).rpartition("own seconds:")[2].split()[0])


def scan(command: list[str], code: Path) -> str:
    """Run a Checkov of some kind; what it says on standard error."""
    options = ["-d", str(code), "--framework", "terraform", "--quiet", "--compact", "--skip-download"]
    run = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {run.returncode}\n{run.stderr[-4000:]}")
    return run.stderr


if __name__ == "__main__":
    main()
