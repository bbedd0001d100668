"""``rolecall live`` and ``rolecall explain`` on an account that moto plays, as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_proxy import aws_proxy
from broken_account import stage
from hosts import REGION, account_environment, moto_account, run

from rolecall.findings import Finding
from rolecall.trace import read

ORPHAN = f"arn:aws:lambda:{REGION}:123456789012:function:orphan"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with moto_account() as account, aws_proxy(account) as proxy:
        stage(account)
        yield proxy.url


def rolecall(
    *arguments: str, cwd: Path, endpoint: str = "http://127.0.0.1:9", **env: str
) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-m", "rolecall", *arguments], cwd=cwd, env={**account_environment(endpoint), **env})


def test_a_scan_names_the_fault_and_the_fix(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("live", cwd=tmp_path, endpoint=endpoint)
    assert ran.returncode == 1
    assert ran.stderr == ""
    said = " ".join(ran.stdout.split())
    assert f"account 123456789012, {REGION}: 4 functions" in said
    assert "FAIL RC101 (high) The execution role of orphan" in said
    assert "$ aws iam create-role --role-name gone --path /service-role/" in said
    assert "\x1b" not in ran.stdout  # no colour where there is no terminal
    assert not any(len(line) > 100 for line in ran.stdout.splitlines() if " $ " not in line)


def test_findings_as_json_lines_are_what_the_report_reads(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("live", "-o", "findings.jsonl", "--format", "json", cwd=tmp_path, endpoint=endpoint)
    written = (tmp_path / "findings.jsonl").read_text(encoding="utf-8")
    assert written == ran.stdout
    findings = [line for _, line in read(tmp_path / "findings.jsonl") if isinstance(line, Finding)]
    assert {(f.rule, f.function) for f in findings if f.status.value == "FAIL" and f.rule in ("RC101", "RC341")} == {
        ("RC101", "orphan"),
        ("RC341", "open"),
    }
    report = rolecall("report", "findings.jsonl", "-o", "out", cwd=tmp_path)
    assert report.returncode == 0, report.stderr
    assert "orphan" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_one_rule_and_one_function(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("live", "--rule", "rc101", "--function", "healthy", "--all", cwd=tmp_path, endpoint=endpoint)
    assert ran.returncode == 0
    assert ran.stdout.count("RC101") == 2  # the finding, and the table
    assert "orphan" not in ran.stdout


def test_the_exit_code_follows_the_severity(endpoint: str, tmp_path: Path) -> None:
    assert rolecall("live", "--rule", "RC101", "--fail-on", "high", cwd=tmp_path, endpoint=endpoint).returncode == 1
    assert rolecall("live", "--rule", "RC101", "--fail-on", "critical", cwd=tmp_path, endpoint=endpoint).returncode == 0


def test_what_is_denied_is_said_and_the_scan_is_incomplete(endpoint: str, tmp_path: Path) -> None:
    with aws_proxy(endpoint, ("lambda:GetPolicy",)) as proxy:
        ran = rolecall("live", "--rule", "RC341", cwd=tmp_path, endpoint=proxy.url)
    assert ran.returncode == 2
    assert "rolecall: not read: lambda:GetPolicy was denied (4 times)" in ran.stderr
    assert ran.stdout.count("UNKNOWN RC341") == 4


def test_policies_that_aws_config_does_not_have_come_from_lambda(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("live", "--rule", "RC341", "--policies-from-config", cwd=tmp_path, endpoint=endpoint)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        "rolecall: policies from AWS Config: 0 of 4 functions",
        f"rolecall: policies from Lambda instead: AWS Config does not record functions in {REGION} (4)",
    ]
    usual = rolecall("live", "--rule", "RC341", cwd=tmp_path, endpoint=endpoint)
    assert (usual.stdout, usual.stderr) == (ran.stdout, "")


def test_no_way_in_is_one_line(tmp_path: Path) -> None:
    for arguments, env, words in (
        (["--region", "nowhere-1"], {}, "Could not connect to the endpoint URL"),
        (["--profile", "nix"], {}, "The config profile (nix) could not be found"),
        ([], {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        (["--rule", "RC999"], {}, "RC999 is no rule for an account; there are RC101"),
    ):
        ran = rolecall("live", *arguments, cwd=tmp_path, **env)
        assert (ran.returncode, ran.stdout) == (2, "")
        [line] = ran.stderr.splitlines()
        assert words in line


def test_a_region_of_another_partition(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("live", "--region", REGION, "--region", "cn-north-1", cwd=tmp_path, endpoint=endpoint)
    assert ran.returncode == 2
    assert ran.stderr == "rolecall: cn-north-1 is no region of the partition aws\n"


def test_another_accounts_role(endpoint: str, tmp_path: Path) -> None:
    role = "arn:aws:iam::210987654321:role/auditor"
    ran = rolecall("live", "--role-arn", role, "--external-id", "ours", cwd=tmp_path, endpoint=endpoint)
    assert f"account 210987654321, {REGION}: 0 functions" in ran.stdout


def test_a_dry_run_calls_nothing(tmp_path: Path) -> None:
    ran = rolecall("live", "--dry-run", "--rule", "RC341", cwd=tmp_path)
    assert ran.returncode == 0
    assert "lambda:GetPolicy" in ran.stdout
    policy = json.loads(rolecall("live", "--dry-run", "--rule", "RC341", "--format", "json", cwd=tmp_path).stdout)
    assert policy["Statement"][0]["Action"] == ["lambda:GetPolicy", "lambda:ListFunctions", "tag:GetResources"]
    with_config = rolecall("live", "--dry-run", "--rule", "RC341", "--policies-from-config", cwd=tmp_path)
    assert "config:BatchGetResourceConfig" in with_config.stdout


def test_a_function_is_explained(endpoint: str, tmp_path: Path) -> None:
    ran = rolecall("explain", ORPHAN, cwd=tmp_path, endpoint=endpoint)
    assert ran.returncode == 1
    for words in ("it does not exist", "FAIL  RC101 (high)", "$ aws iam create-role", "UNKNOWN  RC103"):
        assert words in ran.stdout


def test_a_rule_is_explained_by_any_of_its_names(tmp_path: Path) -> None:
    texts = {
        rolecall("explain", name, cwd=tmp_path).stdout
        for name in ("rc103", "CKV_RC_103", "awslambda_function_execution_role_trusts_lambda")
    }
    assert len(texts) == 1
    assert "RC103  Lambda function's execution role trusts the Lambda service" in texts.pop()


def test_what_cannot_be_explained(endpoint: str, tmp_path: Path) -> None:
    assert "neither a rule nor the ARN" in rolecall("explain", "x", cwd=tmp_path).stderr
    gone = rolecall("explain", ORPHAN.replace("orphan", "nix"), cwd=tmp_path, endpoint=endpoint)
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "has no function" in gone.stderr
