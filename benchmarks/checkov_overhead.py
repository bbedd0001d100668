"""What the pack adds to a Checkov run: wall time with and without it, on generated trees of functions.

Each function has a role, a permission, and a topic that it subscribes to. Median of five pairs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (500, 2000)
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

resource "aws_lambda_function" "f{n}" {{
  function_name = "f{n}"
  role          = aws_iam_role.r{n}.arn
}}

resource "aws_lambda_permission" "p{n}" {{
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f{n}.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.t{n}.arn
}}

resource "aws_sns_topic" "t{n}" {{
  name = "t{n}"
}}

resource "aws_sns_topic_subscription" "s{n}" {{
  protocol  = "lambda"
  topic_arn = aws_sns_topic.t{n}.arn
  endpoint  = aws_lambda_function.f{n}.arn
}}
"""


def main() -> None:
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            Path(folder, "main.tf").write_text("".join(FUNCTION.format(n=n) for n in range(size)))
            bare, packed = [], []
            for _ in range(PAIRS):
                bare.append(seconds(folder))
                packed.append(seconds(folder, "--external-checks-dir", str(PACK)))
            ratio = statistics.median(b / a for a, b in zip(bare, packed, strict=True))
            times = f"{statistics.median(bare):.1f} s without, {statistics.median(packed):.1f} s with the pack"
            print(f"{size} functions: {times}: {ratio - 1:+.1%}", flush=True)


def seconds(folder: str, *arguments: str) -> float:
    checkov = os.environ.get("ROLECALL_CHECKOV_BIN", "checkov")
    command = [checkov, "-d", folder, "--framework", "terraform", "--quiet", "--compact", "--skip-download"]
    started = time.monotonic()
    run = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"Checkov ended with {run.returncode}\n{run.stderr[-4000:]}")
    return time.monotonic() - started


if __name__ == "__main__":
    main()
