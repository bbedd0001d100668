"""All of Checkov's ways of running give the same findings: processes, threads, neither; folders and files; paths."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hosts import CHECKOUT, run_checkov, run_rolecall
from mixed_tree import write

from rolecall import trace
from rolecall.findings import Finding

FRAMEWORKS = ("terraform", "terraform_plan", "cloudformation", "serverless")
FOLDERS = ("terraform", "plan", "cloudformation", "sam", "serverless")
FILES = ("terraform/main.tf", "plan/plan.json", "cloudformation/template.yaml", "cloudformation/template.json",
         "sam/template.yaml", "serverless/serverless.yml")  # fmt: skip
_Found = set[tuple[str, ...]]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    write(root)
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / ".checkov.yaml").write_text(f"external-checks-dir: ['{CHECKOUT / 'checkov_checks'}']\n")
    return root


def each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def found(file: Path, root: Path, cwd: Path) -> _Found:
    """All that a run says of each resource, its files below the root."""
    return set(_said(file, root, cwd))


def _said(file: Path, root: Path, cwd: Path) -> Iterator[tuple[str, ...]]:
    for _, line in trace.read(file):
        if isinstance(line, Finding):
            place = line.resource.location
            assert place is not None
            path = Path(os.path.normpath(cwd / place.file)).relative_to(root).as_posix()
            said = (line.message, *line.evidence, line.remediation.text, line.remediation.cli)
            yield line.rule, line.status.value, line.resource.address, path, str(place.first_line), *said


@pytest.fixture(scope="module")
def reference(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> _Found:
    file = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    arguments = ["-d", ".", "--skip-download", "--quiet", "--compact", "-c", "CKV_RC_*"]
    run_rolecall("checkov", *arguments, host="checkov", cwd=tree, env={"ROLECALL_TRACE": str(file)})
    said = found(file, tree, tree)
    assert {path for _, _, _, path, *_ in said} >= {*FILES, "terraform/inside/main.tf"}
    return said


WAYS: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "threads": (".", ["-d", "."], {"CHECKOV_PARALLELIZATION_TYPE": "thread"}),
    "one after the other": (".", ["-d", "."], {"CHECKOV_PARALLELIZATION_TYPE": "none"}),
    "folders": (".", each("-d", FOLDERS), {}),
    "folders, threads": (".", each("-d", FOLDERS), {"CHECKOV_PARALLELIZATION_TYPE": "thread"}),
    "a folder twice": (".", ["-d", ".", "-d", "sam"], {"CHECKOV_PARALLELIZATION_TYPE": "none"}),
    "named frameworks": (".", ["-d", ".", "--framework", *FRAMEWORKS], {}),
    "files": (".", each("-f", FILES), {}),
    "absolute path": ("elsewhere", ["-d", "{root}"], {}),
    "relative path": ("elsewhere", ["-d", ".."], {}),
    "absolute files": ("elsewhere", each("-f", [f"{{root}}/{file}" for file in FILES]), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_findings_are_the_same(way: str, tree: Path, tmp_path: Path, reference: _Found) -> None:
    folder, arguments, env = WAYS[way]
    arguments = [argument.replace("{root}", str(tree)) for argument in arguments]
    file, cwd = tmp_path / "trace.jsonl", tree / folder
    result = run_rolecall("checkov", *arguments, "--skip-download", "--quiet", "--compact", "-c", "CKV_RC_*",
                          host="checkov", cwd=cwd, env={**env, "ROLECALL_TRACE": str(file)})  # fmt: skip
    assert result.returncode == 1, result.stderr
    said = found(file, tree, cwd)
    if "-f" in arguments:  # of single files Checkov follows no module calls, where there may be alarms
        said, reference = (
            {finding for finding in all_of if finding[0] != "RC204" and not finding[2].startswith("module.")}
            for all_of in (said, reference)
        )
    assert said == reference


def test_each_framework_alone_finds_its_part(tree: Path, tmp_path: Path, reference: _Found) -> None:
    file = tmp_path / "trace.jsonl"
    for framework in FRAMEWORKS:
        run_checkov("-d", ".", "--framework", framework, "--quiet", "--compact", "-c", "CKV_RC_*", cwd=tree,
                    env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    assert found(file, tree, tree) == reference


def test_the_pack_can_stand_in_checkovs_configuration(tree: Path, tmp_path: Path, reference: _Found) -> None:
    file, cwd = tmp_path / "trace.jsonl", tree / "elsewhere"
    run_checkov("-d", str(tree), "--quiet", "--compact", "-c", "CKV_RC_*", cwd=cwd, rolecall=False,
                env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    assert found(file, tree, cwd) == reference


def test_every_folder_is_scanned_with_one_framework(tree: Path, tmp_path: Path) -> None:
    """Checkov itself, which then needs no processes, scans the first folder twice."""
    file = tmp_path / "trace.jsonl"
    arguments = ["-d", "cloudformation", "-d", "sam", "--framework", "cloudformation", "-c", "CKV_RC_103"]
    result = run_rolecall("checkov", *arguments, "--skip-download", "--quiet", "--compact", host="checkov", cwd=tree,
                          env={"ROLECALL_TRACE": str(file)})  # fmt: skip
    assert {path for _, _, _, path, *_ in found(file, tree, tree)} == {
        "cloudformation/template.yaml",
        "cloudformation/template.json",
        "sam/template.yaml",
    }
    assert "rolecall: 1 rule on 8 resources: 2 PASS, 3 FAIL, 0 UNKNOWN, 0 ERROR, 3 MUTED" in result.stderr
