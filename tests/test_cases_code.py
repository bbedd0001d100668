"""Every ``tests/cases/RCnnn/<name>.<verdict>.<form>`` (a file or a folder), by real Checkov; the forms are below.

The verdict is pass, fail or unknown. A comment ``# expect ADDRESS: words`` in a case names a resource that gets it, and
words of the message. The rule passes all other resources of the case; a ``pass`` case needs no such comment. In a plan
the key ``expect`` holds the same. Each CloudFormation case runs a second time, written as JSON.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hosts import run_checkov
from remediations import problems

from rolecall import trace
from rolecall.catalog import load_catalog
from rolecall.findings import Finding

FORMS = {
    ".tf": "terraform",
    ".plan.json": "terraform",
    ".cfn.yaml": "cloudformation",
    ".sam.yaml": "cloudformation",
    ".sls.yaml": "serverless",
}
CASES = sorted(
    path
    for path in (Path(__file__).parent / "cases").glob("RC*/*")
    if path.name.endswith(tuple(FORMS))
)  # fmt: skip


TEMPLATES = [path for path in CASES if path.name.endswith(".cfn.yaml")]
OFF = [entry.id for entry in load_catalog().values() if not entry.default]


def verdict_of(path: Path) -> str:
    return path.name.split(".")[1]


def surface_of(path: Path) -> str:
    return next(surface for ending, surface in FORMS.items() if path.name.endswith(ending))


def expected_in(path: Path) -> dict[str, str]:
    if path.suffix == ".json":
        return dict(json.loads(path.read_text()).get("expect", {}))
    text = "\n".join(file.read_text() for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    return dict(re.findall(r"^# expect ([^:]+): (.+)$", text, re.MULTILINE))


def folder_of(path: Path, as_json: bool = False) -> str:
    return f"{path.parent.name}-{path.name.replace('.', '-')}{'-as-json' * as_json}"


class TemplateLoader(yaml.SafeLoader):
    """Reads a template with CloudFormation's short forms (``!Ref``) written out, dates and numbers as they are."""


TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _written_out(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _written_out)


def as_json(path: Path) -> str:
    """A template in YAML as JSON."""
    return json.dumps(yaml.load(path.read_text(encoding="utf-8"), TemplateLoader), indent=2)  # noqa: S506 (is safe)


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Finding]]:
    """All findings of one Checkov run over all cases, each in a folder of its own: by folder and rule, by address."""
    root = tmp_path_factory.mktemp("cases")
    for path in CASES:
        target = root / folder_of(path)
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            target.mkdir()
            shutil.copy(path, target / ("serverless.yml" if surface_of(path) == "serverless" else path.name))
        if path in TEMPLATES:
            (root / folder_of(path, as_json=True)).mkdir()
            (root / folder_of(path, as_json=True) / "template.json").write_text(as_json(path), encoding="utf-8")
    file = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    overlay = file.with_name("rolecall.yaml")
    overlay.write_text("version: 1\nsettings: {strict: true}\n", encoding="utf-8")
    run = run_checkov(
        "-d",
        ".",
        "--quiet",
        "--compact",
        *("--framework", "terraform", "terraform_plan", "cloudformation", "serverless"),
        cwd=root,
        env={"ROLECALL_TRACE": str(file), "ROLECALL_CONFIG": str(overlay)},
        rolecall=True,
    )
    found: dict[tuple[str, str], dict[str, Finding]] = {}
    for _, line in trace.read(file):
        if isinstance(line, Finding):
            assert line.resource.location is not None, line.message
            folder = line.resource.location.file.removeprefix("./").split("/")[0]
            found.setdefault((folder, line.rule), {})[line.resource.address] = line
    assert found, run.stderr
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(path: Path, findings: dict[tuple[str, str], dict[str, Finding]]) -> None:
    check(path, findings[folder_of(path), path.parent.name])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case_as_json(path: Path, findings: dict[tuple[str, str], dict[str, Finding]]) -> None:
    check(path, findings[folder_of(path, as_json=True), path.parent.name])


def check(path: Path, said: dict[str, Finding]) -> None:
    """Compare what was said of the resources of a case with what the case expects."""
    expected = expected_in(path)
    verdict = verdict_of(path)
    assert expected or verdict == "pass", "a case that fails or cannot be known says which resource and why"

    assert {address: finding.status.value for address, finding in said.items()} == {
        address: verdict.upper() if address in expected else "PASS" for address in {*said, *expected}
    }
    for address, words in expected.items():
        assert words in " ".join([said[address].message, *said[address].evidence])


NEVER_FAIL = {"RC318", "RC331"}  # the service adds the permission itself
CLAIMS = [
    (entry.id, surface)
    for entry in load_catalog().values()
    for surface in (*entry.surfaces, *(["serverless"] if "cloudformation" in entry.surfaces else []))
    if surface in FORMS.values()
]


@pytest.mark.parametrize(("rule", "surface"), CLAIMS)
def test_each_rule_has_a_case_for_each_verdict_on_each_surface(rule: str, surface: str) -> None:
    verdicts = {verdict_of(path) for path in CASES if path.parent.name == rule and surface_of(path) == surface}
    assert verdicts == {"pass", "unknown"} | ({"fail"} if rule not in NEVER_FAIL else set())


@pytest.mark.parametrize("rule", sorted({path.parent.name for path in CASES if path.name.endswith(".sam.yaml")}))
def test_a_rule_with_cases_of_sam_has_one_for_each_verdict(rule: str) -> None:
    verdicts = {verdict_of(path) for path in CASES if path.parent.name == rule and path.name.endswith(".sam.yaml")}
    assert verdicts == {"pass", "unknown"} | ({"fail"} if rule not in NEVER_FAIL else set())


def test_remediations_parse_and_name_the_resource(findings: dict[tuple[str, str], dict[str, Finding]]) -> None:
    said = {finding.remediation: finding for found in findings.values() for finding in found.values()}
    assert [problem for finding in said.values() for problem in problems(finding)] == []
