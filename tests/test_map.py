"""``rolecall map``: any name of any tool leads to the entry; words to a list; what is not there is said."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from rolecall.catalog import load_catalog
from rolecall.cli import main
from rolecall.crosswalk import RELATIONS, load_crosswalk


def rolecall(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["map", *arguments], env={"COLUMNS": "100"})


@pytest.mark.parametrize(
    "name",
    [
        "CKV_AWS_21",
        "ckv_aws_21",
        "s3_bucket_object_versioning",
        "s3-bucket-versioning-enabled",  # of AWS Config
        "S3.14",
        "AWS-0090",
        "AVD-AWS-0090",
    ],
)
def test_any_name_of_any_tool_leads_to_the_entry(name: str) -> None:
    shown = rolecall(name).output
    assert shown.splitlines()[0].startswith("s3-bucket-versioning")
    control = load_crosswalk().of_check("CKV_AWS_21")
    assert control is not None
    assert {control.id, control.severity, "CKV_AWS_21", "s3_bucket_object_versioning"} <= set(
        shown.replace(";", " ").replace(",", " ").split()
    )
    assert control.remediation.link in shown
    assert control.remediation.cli.splitlines()[0] in shown


@pytest.mark.parametrize("name", ["RC103", "CKV_RC_103", "awslambda_function_execution_role_trusts_lambda"])
def test_any_name_of_a_rule_leads_to_the_rule(name: str) -> None:
    assert rolecall(name).output.startswith(
        "RC103  Lambda function's execution role trusts the Lambda service\nhigh; a rule"
    )


def test_a_former_name_leads_to_what_it_is_now() -> None:
    assert "apigateway_restapi_public" in rolecall("apigateway_public").output


def test_an_entry_says_which_rule_of_ours_supersedes_it() -> None:
    assert "RC203 supersedes CKV_AWS_116" in rolecall("CKV_AWS_116").output


def test_relations_that_are_written_elsewhere_are_shown() -> None:
    crosswalk = load_crosswalk()
    here, relation = next(
        (control, relation)
        for control in crosswalk
        for relation in control.relations
        if relation.prowler not in control.prowler
    )
    other = crosswalk.of_check(relation.prowler)
    assert other is not None and other != here
    assert relation.checkov in rolecall(relation.prowler).output


def test_every_line_fits() -> None:
    crosswalk = load_crosswalk()
    for control in [crosswalk[index] for index in range(0, len(crosswalk), 25)]:
        shown = CliRunner().invoke(main, ["map", control.id], env={"COLUMNS": "80"}).output.splitlines()
        code = {f"    {line}" for form in ("cli", "terraform", "cloudformation")
                for line in getattr(control.remediation, form).splitlines()}  # fmt: skip
        long = [line for line in shown[1:] if len(line) > 80 and line not in code]
        assert [line for line in long if len(line.split()[-1]) < 60] == []  # but for what is one word


def test_words_list_what_has_all_of_them() -> None:
    lines = rolecall("bucket", "versioning").output.splitlines()
    assert any("CKV_AWS_21, s3_bucket_object_versioning" in line for line in lines)
    assert lines[-1].endswith(" found; name one for all of it")


def test_a_name_that_several_have_lists_them() -> None:
    assert "found; name one" in rolecall("CWE-311").output


def test_what_is_not_there_is_said_with_what_is_close() -> None:
    done = rolecall("s3_bucket_objekt_versioning")
    assert done.exit_code == 2
    assert "nothing is called s3_bucket_objekt_versioning, and nothing has these words; did you mean" in done.output
    assert "s3_bucket_object_versioning" in done.output
    assert rolecall().exit_code == 2


def test_the_record_is_there_as_json() -> None:
    [record] = json.loads(rolecall("CKV_AWS_21", "--format", "json").output)
    assert (record["kind"], record["service"]) == ("control", "Amazon S3")
    [rule] = json.loads(rolecall("RC103", "--format", "json").output)
    assert (rule["kind"], rule["checkov_id"]) == ("rule", "CKV_RC_103")


def test_coverage_is_of_everything() -> None:
    figures = json.loads(rolecall("--coverage", "--format", "json").output)
    crosswalk = load_crosswalk()
    for tool, of in figures.items():
        assert of["listed"] == of["checks"] == of["related"] + of["no_counterpart"] == crosswalk.hosts[tool].checks
        assert max(of[relation] for relation in RELATIONS) <= of["related"]
    listed = next(line for line in rolecall("--coverage").output.splitlines() if line.startswith("listed"))
    assert listed.count("(100.0 %)") == 2


def test_rules_are_found_by_words_too() -> None:
    entry = load_catalog()["RC345"]
    assert rolecall("nobody", "who", "was", "deleted").output.startswith(f"{entry.id}  {entry.title}")
