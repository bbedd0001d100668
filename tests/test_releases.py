"""What a release of a host changes for the crosswalk is found and named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from rolecall.crosswalk import load_crosswalk
from rolecall.generators.releases import SHIPPED, accepted, changes, main

ROOT = Path(__file__).parent.parent
CONTROLS = list(load_crosswalk())
BEFORE = json.loads((ROOT / SHIPPED).read_text(encoding="utf-8"))


def lines(tool: str, change: Any) -> list[str]:
    now = copy.deepcopy(BEFORE[tool])
    change(now["checks"])
    return list(changes(tool, BEFORE[tool], now, CONTROLS))


def test_nothing_changed() -> None:
    assert lines("checkov", lambda checks: None) == lines("prowler", lambda checks: None) == []


def test_an_added_check_has_candidates() -> None:
    name = "Ensure that S3 bucket versioning is enabled on directory buckets"
    added = {"code": "0", "names": [name], "entities": ["aws_s3_directory_bucket"]}
    first, *candidates = lines("checkov", lambda checks: checks.update(CKV_AWS_999=added))
    assert first == f"added     CKV_AWS_999: {name} (aws_s3_directory_bucket)"
    assert any("like s3-bucket-versioning (CKV_AWS_21, s3_bucket_object_versioning)" in line for line in candidates)
    assert len(candidates) == 3


def test_a_removed_check_is_named_with_its_control() -> None:
    assert lines("checkov", lambda checks: checks.pop("CKV_AWS_21")) == [
        "removed   CKV_AWS_21: under s3-bucket-versioning (medium)"
    ]


@pytest.mark.parametrize("aliases", [[], ["s3_bucket_object_versioning"]])
def test_a_renamed_check_is_known_by_its_alias_or_its_code(aliases: list[str]) -> None:
    def rename(checks: dict[str, Any]) -> None:
        facts = checks.pop("s3_bucket_object_versioning")
        checks["s3_bucket_versioned"] = {**facts, "aliases": aliases, "code": "new" if aliases else facts["code"]}

    assert lines("prowler", rename) == [
        "renamed   s3_bucket_object_versioning -> s3_bucket_versioned: under s3-bucket-versioning (medium)"
    ]


def test_a_check_whose_code_changed_is_to_be_looked_at_again() -> None:
    [line] = lines("checkov", lambda checks: checks["CKV_AWS_21"].update(code="other"))
    assert line.startswith("changed   CKV_AWS_21: under s3-bucket-versioning (medium); look again at CKV_AWS_21 ")
    [line] = lines("checkov", lambda checks: checks["CKV_AWS_41"].update(code="other"))
    assert line.endswith("look again at that it has no counterpart")


def test_a_changed_severity_is_named() -> None:
    [line] = lines("prowler", lambda checks: checks["s3_bucket_object_versioning"].update(severity="critical"))
    assert line == "severity  s3_bucket_object_versioning: medium -> critical; under s3-bucket-versioning (medium)"


def test_a_check_that_is_under_no_control_is_named() -> None:
    now = copy.deepcopy(BEFORE["checkov"])
    controls = [control for control in CONTROLS if control.id != "s3-bucket-versioning"]
    assert list(changes("checkov", BEFORE["checkov"], now, controls)) == ["missing   CKV_AWS_21: is under no control"]
    now["checks"].pop("CKV_AWS_21")
    before = {**BEFORE["checkov"], "checks": dict(now["checks"])}
    said = "unknown   CKV_AWS_21: under s3-bucket-versioning (medium); Checkov does not ship it"
    assert list(changes("checkov", before, now, CONTROLS)) == [said]


def test_the_command_tells_and_accepts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mappings").symlink_to(ROOT / "mappings")
    files = []
    for tool in ("checkov", "prowler"):
        now = copy.deepcopy(BEFORE[tool])
        now["version"] = "9.9.9"
        now["checks"].pop("CKV_AWS_21", None)
        files.append(str(tmp_path / f"{tool}.json"))
        Path(files[-1]).write_text(json.dumps(now), encoding="utf-8")
    assert main([*files, "--root", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert (
        "Checkov 3.3.30 -> 9.9.9: \n  removed   CKV_AWS_21" in told and "Prowler 5.46.0 -> 9.9.9: nothing to do" in told
    )
    assert main([str(tmp_path / "missing.json"), files[1], "--root", str(tmp_path)]) == 2


def test_what_is_accepted_is_what_was_shipped() -> None:
    assert accepted(BEFORE["checkov"], BEFORE["prowler"]) == (ROOT / SHIPPED).read_text(encoding="utf-8")
