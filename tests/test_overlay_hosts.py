"""The overlay in the real tools: Checkov, plain and by ``rolecall checkov``; Prowler; ``rolecall live``; the report."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from broken_account import stage
from hosts import REGION, account_environment, moto_account, run, run_checkov, run_rolecall
from prowler_runs import FETCHES_CODE

STATEMENT = '{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "edgelambda.amazonaws.com"}}'
FUNCTION = """
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ "Version" : "2012-10-17", "Statement" : [%s] })
}
resource "aws_lambda_function" "%s" {
  function_name = "%s"
  role          = aws_iam_role.r.arn
}
"""
CODE = {
    "orders/main.tf": FUNCTION % (STATEMENT.replace('":', '" :'), "orders", "orders"),
    "legacy/main.tf": FUNCTION % (STATEMENT.replace('":', '" :'), "legacy", "legacy"),
    "stack/template.yaml": f"""
Resources:
  R:
    Type: AWS::IAM::Role
    Properties: {{AssumeRolePolicyDocument: {{Statement: [{STATEMENT}]}}}}
  F:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt R.Arn, Code: {{ZipFile: ""}}}}
""",
    "service/serverless.yml": f"""
service: s
provider: {{name: aws, runtime: python3.12}}
functions:
  f: {{handler: h.h, role: !GetAtt R.Arn}}
resources:
  Resources:
    R:
      Type: AWS::IAM::Role
      Properties: {{AssumeRolePolicyDocument: {{Statement: [{STATEMENT}]}}}}
""",
}
OF_CODE = """version: 1
rules:
  RC103: {severity: critical, remediation: {add: "Runbook: https://wiki.example/rc103"}}
  CKV_AWS_115: {enabled: false}
  CKV_AWS_116: {severity: low}
waivers:
  - {rule: RC103, resource: "*legacy/*", reason: known, owner: platform, expires: 2999-12-31}
  - {rule: CKV_AWS_117, resource: "*.legacy", reason: no network, owner: platform, expires: 2999-12-31}
  - {rule: CKV_AWS_50, resource: "*", reason: too late, owner: platform, expires: 2020-01-01}
  - {rule: RC103, resource: F, reason: known, owner: platform, expires: 2999-12-31}
  - {rule: RC103, resource: "s-dev-*", reason: known, owner: platform, expires: 2999-12-31}
"""
WATCHED = ("CKV_RC_103", "CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117", "CKV_AWS_50")


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    for name, text in CODE.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "rolecall.yaml").write_text(OF_CODE, encoding="utf-8")
    return folder


OPTIONS = ("-d", ".", "-o", "json", "--framework", "terraform", "cloudformation", "serverless")


def said(done: CompletedProcess[str]) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Status and severity by file and check."""
    reports = json.loads(done.stdout)
    found = {}
    for report in reports if isinstance(reports, list) else [reports]:
        for records in (report["results"][f"{kind}_checks"] for kind in ("passed", "failed", "skipped")):
            for record in records:
                if record["check_id"] in WATCHED:
                    place = (record["file_path"].split("/")[-2], record["check_id"])
                    found[place] = (record["check_result"]["result"], record["severity"])
    return found


EXPECTED = {
    ("orders", "CKV_RC_103"): ("FAILED", "CRITICAL"),
    ("legacy", "CKV_RC_103"): ("SKIPPED", "CRITICAL"),
    ("stack", "CKV_RC_103"): ("SKIPPED", "CRITICAL"),
    ("service", "CKV_RC_103"): ("SKIPPED", "CRITICAL"),
    ("orders", "CKV_AWS_116"): ("FAILED", "LOW"),
    ("orders", "CKV_AWS_117"): ("FAILED", "LOW"),
    ("legacy", "CKV_AWS_117"): ("SKIPPED", "LOW"),
    ("orders", "CKV_AWS_50"): ("FAILED", "LOW"),
}


@pytest.fixture(scope="module")
def plain(code: Path) -> CompletedProcess[str]:
    return run_checkov(*OPTIONS, cwd=code, env={"ROLECALL_TRACE": "trace.jsonl"})


def test_plain_checkov_with_an_overlay(plain: CompletedProcess[str]) -> None:
    found = said(plain)
    assert {place: found.get(place) for place in EXPECTED} == EXPECTED, plain.stderr
    assert not [place for place in found if place[1] == "CKV_AWS_115"]


def test_the_trace_says_what_was_waived_and_by_whom(plain: CompletedProcess[str], code: Path) -> None:
    lines = [json.loads(line) for line in (code / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    trusts = {line["resource"]["file"]: line for line in lines if line.get("rule") == "RC103"}
    muted = {file.split("/")[-2] for file, line in trusts.items() if line["status"] == "MUTED"}
    assert muted == {"legacy", "stack", "service"}
    [legacy] = [line for file, line in trusts.items() if "legacy" in file]
    assert legacy["evidence"][0] == "waived until 2999-12-31 by platform: known"
    [orders] = [line for file, line in trusts.items() if "orders" in file]
    assert orders["remediation"]["text"].endswith(" Runbook: https://wiki.example/rc103")


def test_rolecall_checkov_gives_severities_to_all_checks(code: Path) -> None:
    done = run_rolecall("checkov", *OPTIONS, "--skip-download", host="checkov", cwd=code, env={"ROLECALL_CONFIG": ""})
    found = said(done)
    assert found["legacy", "CKV_RC_103"] == ("FAILED", "HIGH")
    assert found["legacy", "CKV_AWS_115"] == ("FAILED", "LOW")
    assert found["legacy", "CKV_AWS_117"][0] == "FAILED"
    assert None not in {severity for _, severity in found.values()}


def test_plain_checkov_without_an_overlay_leaves_its_own_checks_as_they_are(code: Path) -> None:
    done = run_checkov(*OPTIONS, cwd=code, env={"ROLECALL_CONFIG": ""})
    assert {severity for (_, check), (_, severity) in said(done).items() if check != "CKV_RC_103"} == {None}


def test_severities_mean_something_to_checkovs_own_options(code: Path) -> None:
    options = (*OPTIONS, "--skip-download", "--hard-fail-on", "CRITICAL")
    assert run_rolecall("checkov", *options, host="checkov", cwd=code).returncode == 1
    none = {"ROLECALL_CONFIG": ""}
    assert run_rolecall("checkov", *options, host="checkov", cwd=code, env=none).returncode == 0


def test_an_overlay_that_is_wrong_stops_our_commands_and_not_plain_checkov(code: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: 1\nrules: {RC103: {severity: grave}}\n", encoding="utf-8")
    done = run_rolecall("--config", str(wrong), "checkov", *OPTIONS, host="checkov", cwd=code)
    assert done.returncode == 2
    assert done.stderr == (
        "rolecall: wrong.yaml:2: rules.RC103.severity: must be one of critical, high, medium, low, informational\n"
    )
    trace = tmp_path / "trace.jsonl"
    bare = run_checkov(*OPTIONS, cwd=code, env={"ROLECALL_CONFIG": str(wrong), "ROLECALL_TRACE": str(trace)})
    assert said(bare)["orders", "CKV_RC_103"] == ("FAILED", "HIGH")
    assert "wrong.yaml:2: rules.RC103.severity: must be" in bare.stderr
    assert '"status": "ERROR"' in trace.read_text(encoding="utf-8")


OF_ACCOUNT = """version: 1
rules:
  RC103: {severity: critical}
  awslambda_function_no_dead_letter_queue: {severity: critical, remediation: {add: "Runbook: https://wiki.example/q"}}
  awslambda_function_inside_vpc: {enabled: false}
waivers:
  - {rule: RC101, resource: orphan, reason: known, owner: platform, expires: 2999-12-31}
  - rule: awslambda_function_no_dead_letter_queue
    resource: "arn:aws:lambda:eu-*:*:function:op?n"
    reason: synchronous
    owner: platform
    expires: 2999-12-31
  - {rule: RC341, resource: "*", reason: was, owner: platform, expires: 2020-01-01}
"""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("account")
    (folder / "rolecall.yaml").write_text(OF_ACCOUNT, encoding="utf-8")
    with moto_account() as endpoint:
        stage(endpoint)
        yield endpoint, folder


@pytest.fixture(scope="module")
def prowler(account: tuple[str, Path]) -> dict[tuple[str, str], dict[str, Any]]:
    """By check and function."""
    endpoint, folder = account
    arguments = ("-f", REGION, "-o", "out", "-F", "report", "--service", "awslambda", "-M", "csv", "json-ocsf")
    excluded = ("--excluded-checks", *FETCHES_CODE)  # the user's stand beside the overlay's
    done = run_rolecall("prowler", *arguments, *excluded, host="prowler", cwd=folder, env=account_environment(endpoint))
    report = folder / "out/report.ocsf.json"
    assert report.is_file(), done.stdout + done.stderr
    findings = json.loads(report.read_text(encoding="utf-8"))
    return {(f["metadata"]["event_code"], f["resources"][0]["name"]): f for f in findings}


def test_prowler_with_an_overlay(account: tuple[str, Path], prowler: dict[tuple[str, str], dict[str, Any]]) -> None:
    queue = "awslambda_function_no_dead_letter_queue"
    waived, own = prowler[queue, "open"], prowler[queue, "edge_only"]
    assert (waived["status_code"], waived["status"]) == ("FAIL", "Suppressed")
    assert (own["status_code"], own["status"], own["severity"]) == ("FAIL", "New", "Critical")
    assert own["remediation"]["desc"].endswith(" Runbook: https://wiki.example/q")
    assert not [check for check, _ in prowler if check == "awslambda_function_inside_vpc"]
    role = prowler["awslambda_function_execution_role_exists", "orphan"]
    assert (role["status_code"], role["status"]) == ("FAIL", "Suppressed")
    assert role["resources"][0]["data"]["metadata"]["rolecall"]["status"] == "MUTED"
    assert prowler["awslambda_function_execution_role_trusts_lambda", "edge_only"]["severity"] == "Critical"
    table = csv.DictReader((account[1] / "out/report.csv").open(encoding="utf-8"), delimiter=";")
    severities = {row["SEVERITY"] for row in table if row["CHECK_ID"].endswith("_execution_role_trusts_lambda")}
    assert severities == {"critical"}


def test_a_live_scan_with_an_overlay(account: tuple[str, Path]) -> None:
    endpoint, folder = account
    arguments = ("live", "-r", REGION, "--format", "json", "--rule", "RC101", "--rule", "RC103", "--rule", "RC341")
    done = run_rolecall(*arguments, host="prowler", cwd=folder, env=account_environment(endpoint))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {(line["rule"], line["function"]): line for line in lines if "rule" in line}
    assert found["RC101", "orphan"]["status"] == "MUTED"
    assert found["RC103", "edge_only"]["severity"] == "critical"
    assert found["RC341", "open"]["evidence"][-1] == "a waiver of platform expired on 2020-01-01: was"
    assert "rolecall.yaml:13: the waiver of RC341 for * (platform) expired on 2020-01-01" in done.stderr


def test_the_report_with_an_overlay(
    account: tuple[str, Path], prowler: dict[tuple[str, str], dict[str, Any]], tmp_path: Path
) -> None:
    """Of a report that was made without one."""
    _, folder = account
    overlay = tmp_path / "later.yaml"
    overlay.write_text(
        "version: 1\nrules: {RC103: {severity: low}}\n"
        "waivers: [{rule: RC103, resource: edge_only, reason: r, owner: o, expires: 2999-12-31}]\n",
        encoding="utf-8",
    )
    arguments = ("--config", str(overlay), "report", "out/report.ocsf.json", "-o", str(tmp_path / "report"))
    done = run([sys.executable, "-m", "rolecall", *arguments], cwd=folder)
    rows = json.loads((tmp_path / "report/report.json").read_text(encoding="utf-8"))["rows"]
    trusts = {row["resource"]: row for row in rows if row["rule"] == "RC103"}
    assert trusts["edge_only"]["severity"] == "low", done.stderr
    assert trusts["edge_only"]["in_account"]["status"] == "MUTED"
