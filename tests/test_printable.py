"""What a scanned file says reaches a terminal as text, never as a command to it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hosts import run_rolecall
from hypothesis import given
from hypothesis import strategies as st

from rolecall import trace
from rolecall.failure import Failure
from rolecall.findings import Finding, Remediation, Status
from rolecall.hosts.wrapper import Outcome, conclude
from rolecall.model import Location, Resource
from rolecall.printable import printable, printable_json
from rolecall.unknown import Unknown

HOSTILE = "a\x1b[31m\x9b2J\u202eb\u200b"
_NOWHERE = Unknown("nobody knows")
TERRAFORM = r"""
resource "aws_iam_role" "edge" {
  name               = "edge\u001b[31m\u009b2J\u202e"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "edgelambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "app" {
  function_name = "app\u001b]0;title\u0007"
  role          = aws_iam_role.edge.arn
}
"""
TEMPLATE = r"""
Resources:
  Edge:
    Type: AWS::IAM::Role
    Properties:
      RoleName: "edge\e[31m\x9b2J\u202e"
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: edgelambda.amazonaws.com}}
  App:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: "app\e]0;title\a", Role: !GetAtt Edge.Arn}
"""


@given(st.text())
def test_nothing_unprintable_is_left(text: str) -> None:
    assert printable(text).isprintable()
    written = printable_json(json.dumps(text, ensure_ascii=False))
    assert written.isprintable()
    assert json.loads(written) == text


def finding(status: Status, name: str = "app", rule: str = "RC103", line: int = 1) -> Finding:
    place = Location("main.tf", line, line)
    resource = Resource("terraform", "t", name, name, _NOWHERE, _NOWHERE, _NOWHERE, place)
    return Finding(rule, status, "high", "t", resource, name, f"RC103 broke on {name}", (), Remediation())


def test_a_trace_can_be_shown_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "trace.jsonl"
    monkeypatch.setenv("ROLECALL_TRACE", str(file))
    trace.append([finding(Status.FAIL, HOSTILE)])
    assert all(line.isprintable() for line in file.read_text().splitlines())
    ((_, read),) = trace.read(file)
    assert isinstance(read, Finding)
    assert read.resource.address == HOSTILE


def test_a_failure_is_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    Failure(f"cannot read {HOSTILE}\nnor that").show()
    assert capsys.readouterr().err == "rolecall: cannot read a\\x1b[31m\\x9b2J\\u202eb\\u200b\nnor that\n"


def test_the_last_lines_are_faults_and_then_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    found = [
        finding(Status.FAIL, "a"),
        finding(Status.FAIL, "b"),
        finding(Status.MUTED, "b"),  # by a baseline, which is applied at the end
        finding(Status.FAIL, "a"),  # in a folder that was given twice
        finding(Status.UNKNOWN, "a", rule="RC101"),
        finding(Status.ERROR, HOSTILE, rule="RC000"),
    ]
    assert conclude("Checkov", 1, Outcome(loaded=True, findings=found), expected=True) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "rolecall: RC103 broke on a\\x1b[31m\\x9b2J\\u202eb\\u200b",
        "rolecall: 2 rules on 2 resources: 0 PASS, 1 FAIL, 1 UNKNOWN, 1 ERROR, 1 MUTED",
    ]


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colours_are_for_terminals(
    terminal: bool,
    no_color: str,
    coloured: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    conclude("Checkov", 1, Outcome(loaded=True, findings=[finding(Status.FAIL)]), expected=True)
    assert ("\x1b[31m1 FAIL\x1b[0m" in capsys.readouterr().err) == coloured


def test_a_host_that_breaks_off_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert conclude("Checkov", 2, Outcome(loaded=True), expected=True) == 2
    assert "rolecall: Checkov broke off with exit code 2: see its messages above" in capsys.readouterr().err


def test_names_in_code_cannot_steer_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "a\x1b[31m.tf").write_text('resource "aws_iam_role" "x" {\n name =\n')
    file = tmp_path / "trace.jsonl"
    result = run_rolecall("checkov", "-d", ".", "--framework", "terraform,cloudformation", "-c", "CKV_RC_103",
                          "--skip-download", "--quiet", "--compact", host="checkov", cwd=tmp_path,
                          env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    assert result.returncode == 2, "a file could not be read"
    assert "not read: a\\x1b[31m.tf" in result.stderr
    details = [line for line in result.stdout.splitlines() if line.startswith(("\tDetails:", "\t         "))]
    assert len([line for line in details if line.startswith("\tDetails: Lambda cannot assume edge")]) == 2
    assert all(line.strip("\t").isprintable() for line in [*details, *result.stderr.splitlines()])
    assert all(line.isprintable() for line in file.read_text().splitlines())
