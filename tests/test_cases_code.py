"""Every ``tests/cases/RCnnn/<name>.<verdict>.<form>`` (a file or a folder), by real Checkov; the forms are below.

The verdict is pass, fail or unknown. A comment ``# expect ADDRESS: words`` in a case names a resource that gets it, and
words of the message. The rule passes all other resources of the case; a ``pass`` case needs no such comment. In a plan
the key ``expect`` holds the same.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hosts import run_checkov

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


def folder_of(path: Path) -> str:
    return f"{path.parent.name}-{path.name.replace('.', '-')}"


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
    file = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    run = run_checkov(
        "-d",
        ".",
        "--quiet",
        "--compact",
        cwd=root,
        env={"ROLECALL_TRACE": str(file), "ROLECALL_RULES_ON": ",".join(OFF)},
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
    expected = expected_in(path)
    verdict = verdict_of(path)
    assert expected or verdict == "pass", "a case that fails or cannot be known says which resource and why"

    said = findings[folder_of(path), path.parent.name]
    assert {address: finding.status.value for address, finding in said.items()} == {
        address: verdict.upper() if address in expected else "PASS" for address in {*said, *expected}
    }
    for address, words in expected.items():
        assert words in " ".join([said[address].message, *said[address].evidence])


NEVER_FAIL = {"RC318", "RC331"}  # the service adds the permission itself
CLAIMS = [
    (entry.id, surface) for entry in load_catalog().values() for surface in entry.surfaces if surface in FORMS.values()
]


@pytest.mark.parametrize(("rule", "surface"), CLAIMS)
def test_each_rule_has_a_case_for_each_verdict_on_each_surface(rule: str, surface: str) -> None:
    verdicts = {verdict_of(path) for path in CASES if path.parent.name == rule and surface_of(path) == surface}
    assert verdicts == {"pass", "unknown"} | ({"fail"} if rule not in NEVER_FAIL else set())
