"""The real Checkov with the pack on Serverless configurations: each finding reaches its output once, on its subject."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hosts import run_checkov

from rolecall import trace
from rolecall.findings import Finding

CONFIGURATION = """
service: shop
provider:
  name: aws
  iamRoleStatements:
    - {Effect: Allow, Action: "s3:GetObject", Resource: "*"}
functions:
  healthy: &healthy
    handler: app.handler
    events:
      - sns: orders
      - s3: uploads-of-shop
  again: *healthy
  broken:
    handler: app.handler
    role: Edge
  accepted:
    #checkov:skip=CKV_RC_103:only at the edge
    handler: app.handler
    role: Edge
  elsewhere:
    handler: app.handler
    role: ${ssm:/role}
resources:
  Resources:
    Edge:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: edgelambda.amazonaws.com}}
    Written:
      Type: AWS::Lambda::Function
      Properties:
        Role: !GetAtt Edge.Arn
    # Checkov takes the variable in Fn::Sub for a literal.
    Subscription:
      Type: AWS::SNS::Subscription
      Properties:
        Protocol: lambda
        TopicArn: !Sub "${Topic}"
        Endpoint: !Sub "${BrokenLambdaFunction.Arn}"
    Topic:
      Type: AWS::SNS::Topic
"""
LISTED = """
service: listed
provider: {name: aws}
functions:
  - one:
      handler: app.handler
      role: Gone
  - ${file(functions.yml)}
"""
# Functions in a list go out with the whole file, where Checkov counts any skip in it.
SKIPPED = """
service: skipped
provider: {name: aws}
functions:
  - first:
      handler: app.handler
      role: Gone
  - second:
      #checkov:skip=CKV_RC_101:known
      handler: app.handler
      role: Gone
resources:
  Resources:
    Topic:
      #checkov:skip=CKV_RC_101:of the topic
      #checkov:skip=CKV_RC_203:of the topic
      Type: AWS::SNS::Topic
"""
SKIPPED_WHOLE = """
#checkov:skip=CKV_RC_101:known everywhere
service: whole
provider: {name: aws}
functions:
  - third: {handler: app.handler, role: Gone}
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[tuple[str, str], Any], list[Finding]]:
    """Checkov's records by check and resource, and the trace's findings."""
    root = tmp_path_factory.mktemp("services")
    for name, text in {
        "shop/serverless.yml": CONFIGURATION,
        "listed/serverless.yaml": LISTED,
        "skipped/serverless.yml": SKIPPED,
        "whole/serverless.yml": SKIPPED_WHOLE,
        "listed/functions.yml": "two: {handler: app.handler, role: Gone}",
        "elsewhere/serverless.yml": "service: s\nprovider: {name: google}\nfunctions: {f: {handler: h}}\n",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    file = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    run = run_checkov("-d", ".", "--framework", "serverless", "-o", "json", cwd=root,
                      env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    results = json.loads(run.stdout)["results"]
    ours = [
        record
        for state in ("passed_checks", "failed_checks", "skipped_checks")
        for record in results[state]
        if record["check_id"].startswith("CKV_RC_")
    ]
    records = {(record["check_id"], name_of(record)): record for record in ours}
    assert len(records) == len(ours)
    return records, [line for _, line in trace.read(file) if isinstance(line, Finding)]


def name_of(record: dict[str, Any]) -> str:
    """The resource; where it is the whole file, that."""
    return record["file_path"] if record["resource"] == "complete" else record["resource"]


def test_a_finding_is_on_the_function_it_is_about(output: tuple[dict[tuple[str, str], Any], list[Finding]]) -> None:
    records, _ = output
    results = {key[1]: record["check_result"]["result"] for key, record in records.items() if key[0] == "CKV_RC_103"}
    assert results == {
        "healthy": "PASSED",
        "again": "PASSED",
        "broken": "FAILED",
        "accepted": "SKIPPED",
        "AWS::Lambda::Function.Written": "FAILED",
    }
    broken = records["CKV_RC_103", "broken"]
    assert (broken["file_path"], broken["file_line_range"]) == ("/shop/serverless.yml", [14, 16])
    assert broken["severity"] == "HIGH"
    told = broken["check_result"]["rolecall"]
    assert (told["framework"], told["resource"]["address"], told["resource"]["lines"]) == (
        "serverless",
        "broken",
        [14, 16],
    )
    assert "admits edgelambda.amazonaws.com only" in told["message"]
    assert told["remediation"]["serverless"].startswith("resources:\n  Resources:\n    Edge:\n      Properties:\n")


def test_what_is_generated_for_a_function_is_reported_on_it(
    output: tuple[dict[tuple[str, str], Any], list[Finding]],
) -> None:
    records, _ = output
    for check in ("CKV_RC_304", "CKV_RC_305", "CKV_RC_341"):
        assert records[check, "healthy"]["check_result"]["result"] == "PASSED"
    assert records["CKV_RC_305", "AWS::SNS::Subscription.Subscription"]["check_result"]["result"] == "FAILED"


def test_what_checkov_hands_out_to_no_check_is_reported_for_the_file(
    output: tuple[dict[tuple[str, str], Any], list[Finding]],
) -> None:
    records, _ = output
    record = records["CKV_RC_101", "/listed/serverless.yaml"]
    assert (record["file_path"], record["check_result"]["result"]) == ("/listed/serverless.yaml", "FAILED")
    message = record["check_result"]["rolecall"]["message"]
    assert "listed-dev-one" in message
    assert "listed-dev-two" in message


def test_the_trace_has_each_finding_once(output: tuple[dict[tuple[str, str], Any], list[Finding]]) -> None:
    _, findings = output
    said = Counter(
        (finding.rule, finding.resource.address, finding.message, str(finding.resource.location))
        for finding in findings
    )  # fmt: skip
    assert [finding for finding, times in said.items() if times > 1] == []
    by_status = {(f.rule, f.resource.address): f.status.value for f in findings}
    assert by_status["RC103", "elsewhere"] == "UNKNOWN"
    assert by_status["RC103", "accepted"] == "MUTED"
    assert by_status["RC101", "two"] == "FAIL"


def test_a_skip_on_one_part_of_a_file_mutes_no_other(
    output: tuple[dict[tuple[str, str], Any], list[Finding]],
) -> None:
    records, findings = output
    record = records["CKV_RC_101", "/skipped/serverless.yml"]["check_result"]
    assert record["result"] == "FAILED"
    assert "skipped-dev-first" in record["rolecall"]["message"]
    assert "skipped-dev-second" not in record["rolecall"]["message"]
    whole = records["CKV_RC_101", "/whole/serverless.yml"]["check_result"]
    assert (whole["result"], whole["suppress_comment"]) == ("SKIPPED", "known everywhere")
    said = {f.function: (f.status.value, *f.evidence[:1]) for f in findings if f.rule == "RC101"}
    assert said["skipped-dev-first"][0] == "FAIL"
    assert said["skipped-dev-second"] == ("MUTED", "skipped: known")
    assert said["whole-dev-third"] == ("MUTED", "skipped: known everywhere")
