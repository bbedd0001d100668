"""The catalogue: strict about its files, exact about what it fills in, and true of Checkov's own checks."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hosts import checkov_python, run

from rolecall.catalog import Entry, load_catalog
from rolecall.findings import Finding, Remediation, Status, from_record, to_record
from rolecall.generators.sources import read_rule
from rolecall.iac.serverless.documents import parse
from rolecall.model import Location, Resource
from rolecall.records import RecordError
from rolecall.rules import load_rules
from rolecall.unknown import Unknown, text

MAPPINGS = Path(__file__).parent.parent / "mappings" / "rules"
GOOD = yaml.safe_load((MAPPINGS / "RC103.yaml").read_text())


def test_every_rule_has_a_module_a_mapping_and_cases() -> None:
    rules = load_rules()
    assert set(rules) == set(load_catalog()) == {path.name for path in MAPPINGS.parent.parent.glob("tests/cases/RC*")}


def test_ids_lead_to_their_rule() -> None:
    catalog = load_catalog()
    assert catalog.by_checkov("CKV_RC_103") is catalog["RC103"]
    assert catalog.by_prowler("awslambda_function_execution_role_trusts_lambda") is catalog["RC103"]
    assert catalog.by_checkov("CKV_AWS_999") is None
    assert list(catalog) == sorted(catalog)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"severty": "high"}, "severty: is an unknown key; allowed: id, name,"),
        ({"severity": "grave"}, "severity: must be one of critical, high, medium, low, informational"),
        ({"id": "RC104"}, "id: 'RC104' must be the file's name, 'RC103'"),
        ({"title": 3}, "title: must be a text"),
        ({"surfaces": "live"}, "surfaces: must be a list"),
        ({"surfaces": ["mars"]}, "surfaces: must be among terraform, cloudformation, live"),
        ({"remediation": {"txt": "x"}}, "remediation.txt: is an unknown key"),
        ({"checkov": []}, "checkov: must be a mapping"),
        ({"description": "x" * 401}, "description: must not exceed 400 characters"),
        ({"title": None}, "title: must be a text"),
    ],
)
def test_a_mapping_that_is_not_exact_is_refused_in_one_line(tmp_path: Path, change: object, message: str) -> None:
    path = tmp_path / "RC103.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **change}))  # type: ignore[dict-item]
    with pytest.raises(RecordError) as refused:
        read_rule(path)
    place, _, said = str(refused.value).partition(": ")
    assert re.fullmatch(r"RC103\.yaml:[0-9]+", place) and said.startswith(message)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", ": cannot be read"),
        ("- 1", ":1: must be a mapping"),
        ("!!python/object/apply:os.system [x]", ": cannot be read"),
        ("id: RC103\n\nid: RC104", ":3: id: is there twice"),
        ("a: &a [*a]", ":1: .*is nested too deeply"),
        ("a: " + "[" * 50 + "]" * 50, ":1: .*is nested too deeply"),
        ("a: " + "[" * 5000, ": cannot be read"),
    ],
)
def test_yaml_that_is_broken_or_hostile_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "RC103.yaml"
    path.write_text(text)
    with pytest.raises(RecordError, match=rf"RC103\.yaml{message}"):
        read_rule(path)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "RC103.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in GOOD.items() if key != "risk"}))
    with pytest.raises(RecordError, match=r"RC103\.yaml:1: risk: is missing"):
        read_rule(path)


HOSTILE = "x'; rm -rf / #${jndi}\n"


def test_facts_are_quoted_as_each_form_requires() -> None:
    facts = {"role_name": HOSTILE, "role_path": "/", "role_label": HOSTILE, "function_name": HOSTILE, "role": "x"}
    remedy = load_catalog()["RC101"].remedy(facts)
    words = shlex.split(remedy.cli.partition("\n# or")[0])
    assert words[words.index("--role-name") + 1] == HOSTILE
    assert f"name = {json.dumps(HOSTILE)}".replace("${", "$${") in remedy.terraform
    quoted = next(line.split(":", 1)[1] for line in remedy.cloudformation.splitlines() if "RoleName" in line)
    assert json.loads(quoted) == HOSTILE


def test_a_fact_in_a_comment_cannot_leave_it() -> None:
    remedy = load_catalog()["RC102"].remedy({"given": "x\nprovisioner {}", "function_name": "f"})
    assert remedy.terraform.splitlines()[0].endswith("instead of x provisioner {}:")


def test_a_fact_that_is_not_known_stays_a_placeholder() -> None:
    remedy = load_catalog()["RC103"].remedy({"role_name": Unknown("known when deployed")})
    assert "--role-name ROLE_NAME " in remedy.cli


def test_what_the_template_can_refer_to_is_referred_to() -> None:
    account, topic = Unknown("the account", "AWS::AccountId"), Unknown("its name", "template.yaml|Topic.TopicName")
    for source, written in (
        (text("arn:aws:sns::", account, ":${x"), '!Sub "arn:aws:sns::${AWS::AccountId}:${!x"'),
        (text("arn:aws:sns::", account, ":", topic), '!Sub "arn:aws:sns::${AWS::AccountId}:${Topic.TopicName}"'),
        (text("arn:aws:sns:eu-west-1:1:", Unknown("not a value")), '"arn:aws:sns:eu-west-1:1:SOURCE_ARN"'),
        ("arn:aws:sns:eu-west-1:111122223333:orders", '"arn:aws:sns:eu-west-1:111122223333:orders"'),
    ):  # fmt: skip
        remedy = load_catalog()["RC305"].remedy({"source_arn": source})
        assert f"SourceArn: {written}" in remedy.cloudformation
        assert f"SourceArn: {written}" in remedy.serverless


@pytest.mark.parametrize("entry", load_catalog().values(), ids=lambda entry: entry.id)
def test_what_a_remediation_writes_for_serverless_is_yaml_of_its_sections(entry: Entry) -> None:
    if entry.remediation.serverless:
        written = parse(entry.remedy({}).serverless, "serverless.yml")
        assert {key for key in written if not key.startswith("__")} <= {"provider", "functions", "resources"}


def test_a_framework_is_answered_in_its_own_code() -> None:
    remedy = Remediation("Do it.", "aws x", "x {}", "A:\n  B: 1")
    assert [remedy.code(framework) for framework in ("live", "terraform_plan", "cloudformation", "sam")] == [
        "aws x", "x {}", "A:\n  B: 1", "A:\n  B: 1",
    ]  # fmt: skip
    assert remedy.code("serverless") == "# under resources.Resources:\nA:\n  B: 1"
    assert replace(remedy, serverless="functions: {}").code("serverless") == "functions: {}"


def test_related_checkov_checks_exist(tmp_path: Path) -> None:
    related = {r.id for entry in load_catalog().values() for r in entry.related if r.tool == "checkov"}
    assert related
    code = (
        "import json\n"
        "from checkov.common.bridgecrew.check_type import CheckType\n"
        "from checkov.terraform.checks.resource import *\n"
        "from checkov.terraform.checks.resource.registry import resource_registry\n"
        "print(json.dumps(sorted({check.id for _, check in resource_registry.all_checks()})))\n"
    )
    known = json.loads(run([checkov_python(), "-c", code], cwd=tmp_path).stdout.splitlines()[-1])
    assert related <= set(known)


def test_a_finding_survives_the_trace() -> None:
    nowhere = Unknown("the trace does not say the arn")
    resource = Resource(
        framework="terraform",
        type="aws_lambda_function",
        address="aws_lambda_function.a",
        name="a",
        arn=nowhere,
        account="111122223333",
        region="eu-west-1",
        location=Location("main.tf", 3, 9),
        key="aws_lambda_function.a",
    )
    remedy = Remediation(text="do it", cli="aws x")
    finding = Finding("RC103", Status.FAIL, "high", "title", resource, "a", "message", ("fact",), remedy)
    assert from_record(json.loads(json.dumps(to_record(finding)))) == finding


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "other"}, "schema is 'other'"),
        ({"status": "BAD"}, "'BAD' is not a valid Status"),
        ({"severity": "grave"}, "'grave' is not one of"),
        ({"resource": []}, "a field has the wrong form"),
        ({"evidence": "text"}, "evidence must be a list"),
        ({"resource": {}}, "field 'type' is missing"),
    ],
)
def test_a_record_of_another_form_is_refused(change: dict[str, object], message: str) -> None:
    place = Unknown("not known")
    resource = Resource("live", "AWS::Lambda::Function", "arn", "a", "arn", place, place, key="arn")
    record = to_record(Finding("RC103", Status.PASS, "high", "t", resource, "a", "m", (), Remediation()))
    with pytest.raises(ValueError, match=message):
        from_record({**record, **change})
