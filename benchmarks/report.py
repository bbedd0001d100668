"""The report: 1,000,000 results to all formats but HTML, in seconds and memory.

Inputs are as the tools write them, byte for byte but for the numbers in them: Prowler's OCSF of 30 accounts (half of
the results), Checkov's JSON (three tenths, of which the half is joined to the account by name), and the trace of
``rolecall live``. ``make bench ARGS="report 100000"`` takes another number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

RESULTS = 1_000_000
SECONDS, GIBIBYTES = 60, 1
ACCOUNTS = 30
FORMATS = "json,sarif,ocsf,csv,markdown,junit,asff"
DATA = Path("tests/data/report")
STATUSES = ("FAIL", "PASS", "PASS", "FAIL", "PASS", "MANUAL", "PASS", "FAIL", "PASS", "PASS")
CHECKS = ("awslambda_function_inside_vpc", "awslambda_function_not_publicly_accessible",
          "awslambda_function_using_supported_runtimes",
          "awslambda_function_invoke_api_operations_cloudtrail_logging_enabled",
          "awslambda_function_env_vars_not_encrypted_with_cmk")  # fmt: skip
FRAMEWORKS = {f"Framework-{number}": [f"{number}.1", f"{number}.2"] for number in range(30)}


def account(number: int) -> str:
    return f"{111100000000 + number % ACCOUNTS}"


def arn(number: int) -> str:
    return f"arn:aws:lambda:eu-west-{1 + number % 2}:{account(number)}:function:fn-{number}"


def template(item: dict[str, Any], indent: int | None, *holes: str) -> Callable[..., str]:
    """The item's JSON, with values in the place of some words."""
    text = json.dumps(item, indent=indent).replace("%", "%%")
    for hole in holes:
        text = text.replace(hole, f"%({hole})s")
    return lambda **values: text % values


def prowler(count: int) -> Iterator[str]:
    item = json.loads((DATA / "prowler.ocsf.json").read_text())[0]
    item["unmapped"]["compliance"] = FRAMEWORKS
    text = json.dumps(item)
    for old, new in (("awslambda_function_inside_vpc", "CHECK"), ("123456789012", "ACCOUNT"), ("shop-mailer", "NAME"),
                     ('"status_code": "FAIL"', '"status_code": "STATUS"'), ("Suppressed", "New"),
                     ("eu-west-1", "REGION")):  # fmt: skip
        text = text.replace(old, new)
    made = template(json.loads(text), 4, "CHECK", "ACCOUNT", "NAME", "STATUS", "REGION")
    for number in range(count):
        function = number // len(CHECKS)
        yield "," if number else "["
        yield made(
            CHECK=CHECKS[number % len(CHECKS)],
            ACCOUNT=account(function),
            NAME=f"fn-{function}",
            STATUS=STATUSES[number % 7],
            REGION=f"eu-west-{1 + function % 2}",
        )
    yield "]"


def checkov(count: int) -> Iterator[str]:
    record = json.loads((DATA / "checkov.json").read_text())[1]["results"]["failed_checks"][0]
    record["code_block"] = [[1, 'resource "aws_lambda_function" "f" {\n'], [2, '  function_name = "NAME"\n'],
                            [3, "  role          = aws_iam_role.f.arn\n"], [4, '  runtime       = "python3.12"\n'],
                            [5, "}\n"]]  # fmt: skip
    record.update(check_id="CHECK", resource="ADDRESS", file_abs_path="/build/src/FILE", file_path="/FILE")
    made = template(record, 4, "CHECK", "ADDRESS", "NAME", "FILE")
    checks = ("CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117", "CKV_AWS_272")
    yield '{"check_type": "terraform", "results": {"passed_checks": [], "failed_checks": [\n'
    for number in range(count):
        resource = number // len(checks)
        yield ",\n" if number else ""
        name = f"fn-{resource}" if resource % 2 else f"new-{resource}"
        yield made(
            CHECK=checks[number % len(checks)],
            ADDRESS=f"aws_lambda_function.f{resource}",
            NAME=name,
            FILE=f"s{resource % 97}.tf",
        )
    yield '\n], "skipped_checks": [], "parsing_errors": []}, "summary": {"checkov_version": "3.3.30"}}'


def trace(count: int) -> Iterator[str]:
    line = {
        "schema": "rolecall/trace/1", "rule": "RULE", "status": "STATUS", "severity": "high",
        "title": "Lambda function's execution role trusts the Lambda service", "framework": "live",
        "resource": {"type": "AWS::Lambda::Function", "address": "ARN", "name": "NAME", "arn": "ARN",
                     "account": "ACCOUNT", "region": "REGION", "file": None, "lines": None},
        "function": "NAME", "message": "Lambda cannot assume role-NAME: its trust policy admits only edgelambda.",
        "evidence": ["statement 1 admits the service edgelambda.amazonaws.com"],
        "remediation": {"text": "Admit lambda.amazonaws.com in the trust policy of role-NAME.",
                        "cli": "aws iam update-assume-role-policy --role-name role-NAME --policy-document file://t"},
    }  # fmt: skip
    made = template(line, None, "RULE", "STATUS", "ARN", "NAME", "ACCOUNT", "REGION")
    rules = ("RC101", "RC103", "RC107", "RC124", "RC301")
    for number in range(count):
        function = number // len(rules)
        yield made(
            RULE=rules[number % len(rules)],
            STATUS=STATUSES[number % 7].replace("MANUAL", "UNKNOWN"),
            ARN=arn(function),
            NAME=f"fn-{function}",
            ACCOUNT=account(function),
            REGION=f"eu-west-{1 + function % 2}",
        )
        yield "\n"


def staged(folder: Path, results: int) -> list[str]:
    """The input files."""
    parts = {"prowler.ocsf.json": prowler(results // 2), "checkov.json": checkov(results * 3 // 10),
             "live.jsonl": trace(results - results // 2 - results * 3 // 10)}  # fmt: skip
    for name, lines in parts.items():
        with (folder / name).open("w") as file:
            file.writelines(lines)
    return [str(folder / name) for name in parts]


def watched(command: list[str]) -> tuple[float, float, int]:
    """Seconds, and the most memory at a time of the process and its children, in GiB, and the exit code."""
    most = 0
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    over = threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(0.2):
            most = max(most, memory(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    process.wait()
    over.set()
    watcher.join()
    return time.perf_counter() - started, most / 2**20, process.returncode


def memory(pid: int) -> int:
    """KiB of a process and all below it; what they share counts once."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return total
    return total + sum(memory(int(child)) for child in children)


def main() -> None:
    results = int(sys.argv[1]) if sys.argv[1:] else RESULTS
    with tempfile.TemporaryDirectory(dir=os.environ.get("ROLECALL_BENCH_DIR")) as name:
        folder = Path(name)
        inputs = staged(folder, results)
        size = sum(os.path.getsize(path) for path in inputs)
        command = [sys.executable, "-m", "rolecall", "report", *inputs, "-o", str(folder / "out"), "--format", FORMATS]
        seconds, gibibytes, code = watched(command)
        written = sum(path.stat().st_size for path in (folder / "out").iterdir())
        print(f"{results:,} results ({size / 1e9:.1f} GB) to {FORMATS} ({written / 1e9:.1f} GB), exit code {code}:")
        print(f"{seconds:.1f} s (bound {SECONDS}), {gibibytes:.2f} GiB (bound {GIBIBYTES})")


if __name__ == "__main__":
    main()
