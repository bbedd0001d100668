"""The real Checkov with the pack: what reaches its outputs, and what the wrapper says that Checkov does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hosts import checkov_python, run, run_checkov, run_rolecall
from plan_cases.parts import APP, ORDERS, role
from plans import plan, written

from rolecall import trace
from rolecall.findings import Finding

TRUST = """jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "{}" }} }}]
  }})"""
TERRAFORM = f"""
resource "aws_iam_role" "edge" {{
  name               = "edge"
  assume_role_policy = {TRUST.format("edgelambda.amazonaws.com")}
}}

resource "aws_iam_role" "app" {{
  name               = "app"
  assume_role_policy = {TRUST.format("lambda.amazonaws.com")}
}}

resource "aws_lambda_function" "broken" {{
  function_name = "broken"
  role          = aws_iam_role.edge.arn
}}

resource "aws_lambda_function" "accepted" {{
  #checkov:skip=CKV_RC_103:only at the edge
  function_name = "accepted"
  role          = aws_iam_role.edge.arn
}}

resource "aws_lambda_function" "healthy" {{
  function_name = "healthy"
  role          = aws_iam_role.app.arn
}}

variable "role_arn" {{}}

resource "aws_lambda_function" "elsewhere" {{
  function_name = "elsewhere"
  role          = var.role_arn
}}
"""
TEMPLATE = """
Resources:
  Topic:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: orders, Action: "lambda:InvokeFunction", Principal: sns.amazonaws.com}
"""
# Python imports a module of this name when it starts.
BREAKING = """
from rolecall.model import Function, Inventory
from rolecall.rules import rc102_execution_role_arn_valid as rule

def check(function: Function, inventory: Inventory):
    raise RuntimeError("made to break")

rule.check = check
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    (root / "main.tf").write_text(TERRAFORM)
    (root / "template.yaml").write_text(TEMPLATE)
    return root


@pytest.fixture(scope="module")
def records(tree: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Checkov's own JSON records of a bare run with ``--external-checks-dir "$(rolecall path checkov)"``."""
    folder = run_rolecall("path", "checkov", host="checkov", cwd=tree).stdout.strip()
    arguments = ["-d", ".", "-o", "json", "--external-checks-dir", folder]
    result = run_checkov(*arguments, cwd=tree, rolecall=False)
    reports = json.loads(result.stdout)
    return {
        (record["check_id"], record["resource"]): record
        for report in reports
        for listed in report["results"].values()
        for record in listed
        if isinstance(record, dict)
    }


def test_severity_guideline_and_details_reach_checkovs_output(records: dict[tuple[str, str], dict[str, Any]]) -> None:
    record = records["CKV_RC_103", "aws_lambda_function.broken"]
    assert record["check_result"]["result"] == "FAILED"
    assert record["severity"] == "HIGH"
    assert record["guideline"].startswith("https://docs.aws.amazon.com/")
    assert "admits edgelambda.amazonaws.com only" in record["details"][0]
    assert "lambda.amazonaws.com" in " ".join(record["details"][1:])
    assert record["file_path"] == "/main.tf"
    assert record["file_line_range"] == [16, 19]


def test_the_whole_finding_is_in_checkovs_json(records: dict[tuple[str, str], dict[str, Any]]) -> None:
    in_terraform = records["CKV_RC_103", "aws_lambda_function.broken"]["check_result"]["rolecall"]
    assert in_terraform["status"] == "FAIL"
    assert "update-assume-role-policy --role-name edge" in in_terraform["remediation"]["cli"]
    in_template = records["CKV_RC_341", "AWS::Lambda::Permission.Topic"]["check_result"]["entity"]["rolecall"]
    assert in_template["status"] == "FAIL"
    assert "--principal sns.amazonaws.com" in in_template["remediation"]["cli"]


def test_a_skip_is_honoured_and_unknown_is_left_out(records: dict[tuple[str, str], dict[str, Any]]) -> None:
    skipped = records["CKV_RC_103", "aws_lambda_function.accepted"]["check_result"]
    assert (skipped["result"], skipped["suppress_comment"]) == ("SKIPPED", "only at the edge")
    assert records["CKV_RC_103", "aws_lambda_function.healthy"]["check_result"]["result"] == "PASSED"
    assert ("CKV_RC_103", "aws_lambda_function.elsewhere") not in records


def test_built_in_checks_run_beside_ours(records: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert ("CKV_AWS_116", "aws_lambda_function.broken") in records


def test_the_wrapper_counts_every_verdict_and_keeps_the_trace(tree: Path, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    arguments = ["checkov", "-d", ".", "--skip-download", "--quiet", "--compact", "-c", "CKV_RC_103"]
    result = run_rolecall(*arguments, host="checkov", cwd=tree, env={"ROLECALL_TRACE": str(file)})
    assert result.returncode == 1, "findings, and nothing else"
    assert "1 rule on 4 resources: 1 PASS, 1 FAIL, 1 UNKNOWN, 0 ERROR, 1 MUTED" in result.stderr
    found = {line.resource.address: line for _, line in trace.read(file) if isinstance(line, Finding)}
    assert found["aws_lambda_function.elsewhere"].message.endswith("var.role_arn has no known value.")
    assert found["aws_lambda_function.accepted"].evidence[0] == "skipped: only at the edge"


@pytest.mark.parametrize(
    ("broken", "text"),
    [("broken.tf", 'resource "aws_iam_role" "x" {\n name =\n'), ("broken.yaml", "Resources: {A: [\n")],
)
def test_a_broken_file_is_named_and_the_others_are_still_reported(tree: Path, broken: str, text: str) -> None:
    file = tree / broken
    file.write_text(text)
    try:
        arguments = ["-d", ".", "--skip-download", "--quiet", "--compact", "-c", "CKV_RC_103,CKV_RC_341", "--soft-fail"]
        bare = run_checkov(*arguments, cwd=tree)
        wrapped = run_rolecall("checkov", *arguments, host="checkov", cwd=tree)
    finally:
        file.unlink()
    assert bare.returncode == 0, "what Checkov itself says of it"
    assert wrapped.returncode == 2
    assert f"rolecall: not read: {broken}" in wrapped.stderr
    assert "FAILED for resource: aws_lambda_function.broken" in wrapped.stdout
    assert "FAILED for resource: AWS::Lambda::Permission.Topic" in wrapped.stdout


def test_a_rule_that_breaks_is_an_error_and_disturbs_no_other(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKING)
    file = tmp_path / "trace.jsonl"
    env = {"PYTHONPATH": str(tmp_path), "ROLECALL_TRACE": str(file)}
    arguments = ["checkov", "-d", ".", "--skip-download", "--quiet", "--compact", "--soft-fail", "-c"]
    ours = "CKV_RC_101,CKV_RC_102,CKV_RC_103,CKV_RC_341"
    result = run_rolecall(*arguments, ours, host="checkov", cwd=tree, env=env)
    assert result.returncode == 2
    assert "rolecall: RC102 broke on aws_lambda_function.broken: RuntimeError('made to break')." in result.stderr
    statuses: dict[str, set[str]] = {}
    for _, line in trace.read(file):
        if isinstance(line, Finding):
            statuses.setdefault(line.rule, set()).add(line.status.value)
    assert statuses == {
        "RC101": {"PASS", "UNKNOWN"},
        "RC102": {"ERROR"},
        "RC103": {"PASS", "FAIL", "UNKNOWN", "MUTED"},
        "RC341": {"FAIL"},
    }
    assert "FAILED for resource: aws_lambda_function.broken" in result.stdout


def test_a_pack_that_does_not_load_is_no_clean_run(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['rolecall.hosts.checkov'] = None\n")
    arguments = ["-d", ".", "--skip-download", "--quiet", "--compact", "-c", "CKV_RC_103"]
    bare = run_checkov(*arguments, cwd=tree, env={"PYTHONPATH": str(tmp_path)})
    assert bare.returncode == 0, "Checkov prints a traceback and calls it a success"
    wrapped = run_rolecall("checkov", *arguments, host="checkov", cwd=tree, env={"PYTHONPATH": str(tmp_path)})
    assert wrapped.returncode == 2
    assert "rolecall: the pack was not loaded by Checkov" in wrapped.stderr


def test_a_module_in_the_scanned_folder_is_not_executed(tmp_path: Path) -> None:
    for name in ("json.py", "yaml.py", "rolecall.py", "checkov.py", "boto3.py"):
        (tmp_path / name).write_text("raise SystemExit('executed')")
    (tmp_path / "main.tf").write_text(TERRAFORM)
    result = run_rolecall("checkov", "-d", ".", "--skip-download", "-c", "CKV_RC_103", host="checkov", cwd=tmp_path)
    assert "executed" not in result.stdout + result.stderr
    assert result.returncode == 1


def test_the_library_is_found_beside_the_folder(tree: Path) -> None:
    """Checkov from elsewhere: an interpreter that has Checkov, but not Rolecall."""
    code = (
        "import importlib.util, runpy, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'rolecall' else find(name, *rest)\n"
        "runpy.run_path(sys.argv[1])\n"
        "print(sys.modules['rolecall'].__file__)\n"
    )
    folder = run_rolecall("path", "checkov", host="checkov", cwd=tree).stdout.strip()
    result = run([checkov_python(), "-c", code, f"{folder}/rolecall_checkov.py"], cwd=tree)
    assert result.stdout.strip() == str(Path(folder).parent / "rolecall" / "__init__.py"), result.stderr


PLAN = """{"format_version": "2.0", "terraform_version": "3.0.0", "planned_values": {"root_module": {"resources": [
  {"address": "aws_lambda_function.a", "mode": "managed", "type": "aws_lambda_function", "name": "a",
   "values": {"function_name": "a", "role": "nonsense"}}]}},
 "resource_changes": [{"address": "aws_lambda_function.a", "mode": "managed", "type": "aws_lambda_function",
   "name": "a", "change": {"actions": ["create"], "before": null, "after": {"function_name": "a"},
   "after_unknown": {}}}],
 "configuration": {"root_module": {"resources": []}}}"""


def test_what_is_not_read_yet_is_said(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(PLAN)
    result = run_rolecall("checkov", "-f", "plan.json", "--skip-download", "--quiet", host="checkov", cwd=tmp_path)
    assert result.returncode == 2
    assert "rolecall: not read: plan.json: " in result.stderr


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    Connectors:
      Told: {Properties: {Destination: {Id: Other}, Permissions: [Write]}}
    Properties:
      Handler: index.handler
      Runtime: python3.12
      InlineCode: x
      Events:
        Skill: {Type: AlexaSkill}
        OtherSkill: {Type: AlexaSkill, Properties: {SkillId: amzn1.ask.skill.1}}
  Other:
    Type: AWS::Serverless::Function
    Properties: {Role: !GetAtt Gone.Arn}
"""


def test_findings_on_what_sam_makes_are_on_the_resource_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(SAM)
    result = run_rolecall("checkov", "-f", "template.yaml", "--skip-download", "-o", "json",
                          "-c", "CKV_RC_101,CKV_RC_341", host="checkov", cwd=tmp_path)  # fmt: skip
    assert result.returncode == 1, result.stderr
    results = json.loads(result.stdout)["results"]
    failed = {record["check_id"]: record for record in results["failed_checks"]}
    assert {check: record["resource"] for check, record in failed.items()} == {
        "CKV_RC_101": "AWS::Serverless::Function.Other",
        "CKV_RC_341": "AWS::Serverless::Function.App",
    }
    finding = failed["CKV_RC_341"]["check_result"]["entity"]["rolecall"]
    assert finding["resource"]["type"] == "AWS::Serverless::Function"
    assert "Statement AppSkillPermission of App's policy, made for the event Skill of App," in finding["message"]
    assert "AppOtherSkillPermission" not in finding["message"]
    assert [record["resource"] for record in results["passed_checks"]] == ["AWS::Serverless::Function.App"]


SAM_ROLES = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Handler: index.handler, Runtime: python3.12}
Resources:
  Open:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: "*"}]
  Accepted:
    # checkov:skip=CKV_RC_105:a workshop
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: "*"}]
  Closed:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x}
"""


def test_findings_on_roles_that_sam_makes_reach_checkovs_output(tmp_path: Path) -> None:
    """On the function they are made for, where an inline skip holds them off, and with the fix in SAM's words."""
    (tmp_path / "template.yaml").write_text(SAM_ROLES)
    result = run_checkov("-d", ".", "-o", "json", "-c", "CKV_RC_105", "--framework", "cloudformation", cwd=tmp_path)
    results = json.loads(result.stdout)["results"]
    kinds = ("failed", "skipped", "passed")
    said = {kind: [record["resource"] for record in results[f"{kind}_checks"]] for kind in kinds}
    assert said == {
        "failed": ["AWS::Serverless::Function.Open"],
        "skipped": ["AWS::Serverless::Function.Accepted"],
        "passed": ["AWS::Serverless::Function.Closed"],
    }
    finding = results["failed_checks"][0]["check_result"]["entity"]["rolecall"]
    assert finding["resource"]["address"] == "Open"
    assert "may assume the generated role of Open, the execution role of Open" in finding["message"]
    assert finding["remediation"]["cloudformation"].startswith(
        "# in the Properties of Open, of which SAM makes the role"
    )


def test_findings_on_plans_reach_checkovs_output(tmp_path: Path) -> None:
    """Two plans, the path of one ending in that of the other: each gets its own verdict, and Checkov's lines."""
    good, bad = plan(APP, ORDERS), plan(role("aws_iam_role.app", service="ec2.amazonaws.com"), ORDERS)
    for folder, content in ((".", good), ("stage", bad)):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "plan.json").write_text(written(content))
    result = run_checkov("-d", ".", "-o", "json", "-c", "CKV_RC_103", "--framework", "terraform_plan", cwd=tmp_path)
    results = json.loads(result.stdout)["results"]
    passed, failed = results["passed_checks"], results["failed_checks"]
    assert [record["file_path"] for record in passed] == ["/plan.json"]
    assert [record["file_path"] for record in failed] == ["/stage/plan.json"]
    finding = failed[0]["check_result"]["rolecall"]
    assert finding["framework"] == "terraform_plan"
    assert finding["resource"]["file"] == "stage/plan.json"
    assert finding["resource"]["lines"] == failed[0]["file_line_range"]
    assert "admits ec2.amazonaws.com only" in failed[0]["details"][0]
