"""What the hosts ship, as we read it, is what they list themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hosts
import pytest

from rolecall.catalog import load_catalog
from rolecall.findings import SEVERITIES


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nowhere")


@pytest.fixture(scope="module")
def of_checkov(nowhere: Path) -> dict[str, Any]:
    return dict(hosts.shipped("checkov", nowhere)["checks"])


@pytest.fixture(scope="module")
def of_prowler(nowhere: Path) -> dict[str, Any]:
    return dict(hosts.shipped("prowler", nowhere)["checks"])


def test_every_aws_check_that_checkov_lists(of_checkov: dict[str, Any], nowhere: Path) -> None:
    listed = hosts.run_checkov("--list", cwd=nowhere, rolecall=False).stdout
    assert set(of_checkov) == set(re.findall(r"\| (CKV2?_AWS_[0-9]+) ", listed))
    assert len(of_checkov) > 400


def test_a_check_of_checkov_is_named_with_its_frameworks_and_its_code(
    of_checkov: dict[str, Any], nowhere: Path
) -> None:
    where = "import checkov, pathlib; print(pathlib.Path(checkov.__file__).parent)"
    package = Path(hosts.run([hosts.checkov_python(), "-c", where], cwd=nowhere).stdout.strip())
    for check, facts in of_checkov.items():
        assert all(facts[key] for key in ("names", "frameworks", "entities", "sources")), check
        assert all((package / source).is_file() for source in facts["sources"]), check
    assert of_checkov["CKV_AWS_116"]["frameworks"] == ["Cloudformation", "Terraform"]
    assert "AWS::Serverless::Function" in of_checkov["CKV_AWS_116"]["entities"]


def test_every_aws_check_that_prowler_lists(of_prowler: dict[str, Any], nowhere: Path) -> None:
    listed = hosts.run_prowler("--list-checks", "--no-color", cwd=nowhere).stdout
    ours = {entry.prowler.check for entry in load_catalog().values()}
    assert set(of_prowler) == set(re.findall(r"^\[([a-z0-9_]+)\]", listed, re.MULTILINE)) - ours
    assert len(of_prowler) > 600


def test_a_check_of_prowler_has_its_severity_and_former_names(of_prowler: dict[str, Any]) -> None:
    assert {facts["severity"] for facts in of_prowler.values()} <= set(SEVERITIES)
    assert of_prowler["apigateway_restapi_public"]["aliases"] == ["apigateway_public"]
    assert not {alias for facts in of_prowler.values() for alias in facts["aliases"]} & set(of_prowler)
