"""The crosswalk: every check of the installed hosts is in it, once; what it refers to is there; its code is right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hosts
import pytest
import yaml

from rolecall.catalog import load_catalog
from rolecall.crosswalk import TOOLS, Control, load_crosswalk
from rolecall.generators.sources import read_crosswalk
from rolecall.records import RecordError

ROOT = Path(__file__).parent.parent
CROSSWALK = load_crosswalk()
CONTROLS = {control.id: control for control in CROSSWALK}
FORMS = {"terraform": "main.tf", "cloudformation": "template.yaml"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the installed hosts ship."""
    nowhere = tmp_path_factory.mktemp("nowhere")
    return {host: hosts.shipped(host, nowhere) for host in TOOLS}


@pytest.mark.parametrize("tool", TOOLS)
def test_every_check_is_in_it_once_and_no_other(tool: str, shipped: dict[str, dict[str, Any]]) -> None:
    listed = [check for control in CROSSWALK for check in getattr(control, tool)]
    assert sorted(listed) == sorted(shipped[tool]["checks"])
    assert CROSSWALK.hosts[tool] == (shipped[tool]["version"], len(listed))


@pytest.mark.parametrize("tool", TOOLS)
def test_no_check_has_changed_since_it_was_looked_at(tool: str, shipped: dict[str, dict[str, Any]]) -> None:
    """What to do where this fails: `make crosswalk`."""
    accepted = json.loads((ROOT / "mappings" / "shipped.json").read_text(encoding="utf-8"))[tool]["checks"]
    now = shipped[tool]["checks"]
    assert {check: facts["code"] for check, facts in accepted.items()} == {c: facts["code"] for c, facts in now.items()}


def test_a_severity_that_is_not_prowlers_has_a_reason(shipped: dict[str, dict[str, Any]]) -> None:
    for control in CROSSWALK:
        theirs = {shipped["prowler"]["checks"][check]["severity"] for check in control.prowler}
        assert bool(theirs - {control.severity}) == bool(control.severity_reason), control.id


def test_the_readme_names_what_it_was_made_for() -> None:
    hosts_named = (f"{host.checks} of {tool.capitalize()} {host.version}" for tool, host in CROSSWALK.hosts.items())
    assert " and ".join(hosts_named) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_control_says_how_it_is_met() -> None:
    for control in CROSSWALK:
        remediation = control.remediation
        assert control.description and control.risk and remediation.text and remediation.link, control.id
        assert not control.title.startswith("Ensure") and len(control.title) <= 110, control.id
    texts = [control.description for control in CROSSWALK]
    assert len(set(texts)) == len(texts)


def test_our_rules_name_checks_that_there_are() -> None:
    for entry in load_catalog().values():
        for related in entry.related:
            assert related.tool not in TOOLS or CROSSWALK.of_check(related.id), (entry.id, related.id)


def test_all_of_it_loads_in_50_milliseconds() -> None:
    """In processor time of a fresh process, rules included; half a second would do on a machine under load."""
    code = (
        "import time, json, dataclasses, typing; start = time.process_time();"
        "from rolecall.catalog import load_catalog; from rolecall.crosswalk import load_crosswalk;"
        "load_catalog(); load_crosswalk().severities(); print(time.process_time() - start)"
    )
    done = hosts.run([hosts.checkov_python(), "-c", code], cwd=ROOT)
    assert float(done.stdout) < 0.5, done.stderr


GOOD = {
    "service": "Amazon S3",
    "controls": [
        {
            "id": "s3-one",
            "title": "t",
            "severity": "high",
            "description": "d",
            "risk": "r",
            "remediation": {
                "text": "t",
                "link": "https://docs.aws.amazon.com/x",
                "cli": "aws s3api x",
                "without": {"terraform": "w", "cloudformation": "w"},
            },
            "checkov": ["CKV_AWS_1"],
            "prowler": ["s3_one"],
            "relations": [{"checkov": "CKV_AWS_1", "relation": "equal", "prowler": "s3_one", "difference": "d"}],
        }
    ],
}


def changed(**change: Any) -> dict[str, Any]:
    return {**GOOD, "controls": [{**GOOD["controls"][0], **change}]}  # type: ignore[dict-item]


REMEDIATION = GOOD["controls"][0]["remediation"]  # type: ignore[index]
RELATION = GOOD["controls"][0]["relations"][0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed(id="S3"), "controls[0].id: must be words in lower case"),
        (changed(severity="grave"), "controls[0].severity: must be one of critical"),
        (changed(description="x" * 401), "controls[0].description: must not exceed 400"),
        (changed(risk=""), "controls[0].risk: must not exceed"),
        (changed(checkov=[], prowler=[], relations=[]), "controls[0]: a control has at least one check"),
        (changed(checkov=["CKV_AZURE_1"]), "controls[0].checkov[0]: 'CKV_AZURE_1' is not written as"),
        (changed(cwe=["311"]), "controls[0].cwe[0]: '311' is not written as"),
        (changed(remarks={"s3_two": "x"}), "controls[0].remarks.s3_two: is not one of this control's checks"),
        (changed(no_code_passes=["CKV_AWS_2"]), "controls[0].no_code_passes.CKV_AWS_2: is not one of this"),
        (changed(relations=[{**RELATION, "relation": "same"}]), "controls[0].relations[0].relation: must be one of"),
        (changed(relations=[{**RELATION, "difference": ""}]), "controls[0].relations[0].difference: says how"),
        (changed(relations=[RELATION, RELATION]), "controls[0]: CKV_AWS_1 and s3_one are related by s3-one too"),
        (changed(relations=[{**RELATION, "prowler": "s3_two"}]), "controls[0].relations: s3_two is under no control"),
        (changed(relations=[]), "controls[0]: CKV_AWS_1 must have a relation, or"),
        (changed(no_counterpart="none"), "controls[0]: CKV_AWS_1 must have a relation, or"),
        (changed(remediation={**REMEDIATION, "link": "http://x"}), "controls[0].remediation.link: must be a page of"),
        (changed(remediation={**REMEDIATION, "without": {}}), "controls[0].remediation.terraform: either is there"),
        (changed(remediation={**REMEDIATION, "terraform": "x"}), "controls[0].remediation.terraform: either is there"),
        ({**GOOD, "controls": GOOD["controls"] * 2}, "controls[1].id: s3-one is there twice"),  # type: ignore[operator]
    ],
)
def test_what_contradicts_itself_is_refused_with_its_line(tmp_path: Path, document: Any, message: str) -> None:
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "s3.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_crosswalk(tmp_path)
    place, _, said = str(refused.value).partition(": ")
    assert re.fullmatch(r"s3\.yaml:[0-9]+", place)
    assert said.startswith(message)


def _written(form: str, folder: Path) -> Iterator[Path]:
    """The controls' code, each in a folder of its own."""
    for control in CROSSWALK:
        text = getattr(control.remediation, form)
        if text:
            (folder / control.id).mkdir(parents=True)
            (folder / control.id / FORMS[form]).write_text(text + "\n", encoding="utf-8")
            yield folder / control.id / FORMS[form]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], set[str]]:
    """What Checkov says of the code: by form, control and check."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for form in FORMS:
        folder = tmp_path_factory.mktemp(form)
        assert list(_written(form, folder))
        checks = ",".join(check for control in CROSSWALK for check in control.checkov)
        options = ("-d", ".", "--framework", form, "-c", checks, "-o", "json", "--compact")
        done = hosts.run_checkov(*options, cwd=folder, rolecall=False)
        report = json.loads(done.stdout)
        assert not report["results"]["parsing_errors"]
        for kind in ("passed", "failed"):
            for record in report["results"][f"{kind}_checks"]:
                control = record["file_path"].strip("/").split("/")[0]
                found.setdefault((form, control, record["check_id"]), set()).add(kind)
    return found


def _asked(form: str, control: Control, shipped: dict[str, dict[str, Any]]) -> Iterator[str]:
    for check in control.checkov:
        frameworks = map(str.lower, shipped["checkov"]["checks"][check]["frameworks"])
        if form in frameworks and getattr(control.remediation, form):
            yield check


@pytest.mark.parametrize("form", FORMS)
def test_checkov_passes_the_code_of_a_control_by_each_of_its_checks(
    form: str, judged: dict[tuple[str, str, str], set[str]], shipped: dict[str, dict[str, Any]]
) -> None:
    wrong = {}
    for control in CROSSWALK:
        for check in _asked(form, control, shipped):
            said = judged.get((form, control.id, check), set())
            if (said == {"passed"}) == (check in control.no_code_passes and form == "terraform"):
                wrong[control.id, check] = said
    assert not wrong


def test_the_aws_cli_takes_all_commands(tmp_path: Path) -> None:
    commands = [[control.id, control.remediation.cli] for control in CROSSWALK if control.remediation.cli]
    script = str(Path(__file__).with_name("aws_commands.py"))
    done = hosts.run_beside_aws("python", script, cwd=tmp_path, given=json.dumps(commands))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_cfn_lint_finds_no_error_in_the_templates(tmp_path: Path) -> None:
    """But for required properties: a template shows what its control is about."""
    assert list(_written("cloudformation", tmp_path))
    options = ("--format", "parseable", "--regions", "us-east-1", "--ignore-checks", "E3003", "W", "I")
    done = hosts.run_beside_aws("cfn-lint", *options, "--template", "**/template.yaml", cwd=tmp_path)
    assert done.stdout.splitlines() == [], done.stderr
