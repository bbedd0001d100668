"""The framework `rolecall` in the real Prowler: complete with respect to its catalogue, and run on an account."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from broken_account import stage
from hosts import moto_account, run_rolecall
from prowler_runs import OURS, Run, in_prowler, prowler

from rolecall import __version__
from rolecall.catalog import load_catalog
from rolecall.compliance import load_compliance

# They are on users, or ask for a role that is there; the others are on policies that a role can have.
ON_OTHERS = {
    "iam_customer_unattached_policy_no_administrative_privileges",
    "iam_group_administrator_access_policy",
    "iam_policy_attached_only_to_group_or_roles",
    "iam_securityaudit_role_created",
    "iam_support_role_created",
    "iam_user_administrator_access_policy",
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Prowler itself loads: the framework, and its checks with their severities."""
    said = in_prowler(
        tmp_path_factory.mktemp("known"),
        """
        import json
        from prowler.config.config import get_available_compliance_frameworks
        from prowler.lib.check.compliance_models import get_bulk_compliance_frameworks_universal
        from prowler.lib.check.models import CheckMetadata
        print(json.dumps({
            "listed": get_available_compliance_frameworks("aws"),
            "framework": get_bulk_compliance_frameworks_universal("aws")["rolecall"].dict(),
            "checks": {name: check.Severity.value for name, check in CheckMetadata.get_bulk("aws").items()},
        }))
        """,
    )
    loaded: dict[str, Any] = json.loads(said)
    return loaded


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """GetFunction is denied, or Prowler would fetch the code from S3; excluding the check would leave out the table."""
    with moto_account() as endpoint:
        stage(endpoint)
        arguments = ("--compliance", "rolecall", "-M", "csv", "json-ocsf")
        return prowler(endpoint, tmp_path_factory.mktemp("scan"), *arguments, denied=("lambda:GetFunction",))


def test_prowler_lists_the_framework_and_accepts_it(known: dict[str, Any]) -> None:
    assert "rolecall" in known["listed"]
    assert known["framework"]["framework"] == "Rolecall"


def test_its_requirements_are_shown(tmp_path: Path) -> None:
    done = run_rolecall("prowler", "--list-compliance-requirements", "rolecall", host="prowler", cwd=tmp_path)
    assert f"Listing Rolecall {__version__} AWS Compliance Requirements" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    assert "RC341" in done.stdout
    assert done.returncode == 0, "nothing was to be scanned"


def test_each_check_is_known_to_prowler_and_in_one_requirement(known: dict[str, Any]) -> None:
    """When this fails with a new Prowler, its new checks belong into mappings/compliance.yaml."""
    placed = Counter(
        check for requirement in known["framework"]["requirements"] for check in requirement["checks"]["aws"]
    )
    assert set(placed) <= set(known["checks"])
    assert set(placed.values()) == {1}
    catalog = load_catalog()
    wanted = {
        check
        for check in known["checks"]
        if re.match(r"awslambda_|iam_.*(role|policy)", check) and not check.startswith("iam_password_policy_")
        and catalog.by_prowler(check) is None
    } - ON_OTHERS  # fmt: skip
    assert set(placed) - set(OURS) == wanted
    assert set(known["checks"]) >= ON_OTHERS


def test_severities_are_prowlers(known: dict[str, Any]) -> None:
    said = {r["checks"]["aws"][0]: r["attributes"]["Severity"] for r in known["framework"]["requirements"]}
    assert said == {check: known["checks"][check] for check in said}


def test_muting_one_check_mutes_no_other(known: dict[str, Any]) -> None:
    """Prowler's mutelist looks for the check that it names anywhere in a check's name."""
    ours = [entry.prowler.check for entry in load_catalog().values()]
    pairs = [(one, other) for one in ours for other in {*known["checks"], *ours} if one != other]
    assert not [(one, other) for one, other in pairs if one in other or other in one]


def test_a_run_prints_the_table_in_the_order_of_the_sections(scan: Run) -> None:
    output = re.sub(r"\x1b\[[0-9;]*m", "", scan.output)
    rows = re.findall(r"│ AWS +│ (.*?) +│ (FAIL|PASS)\((\d+)\) +│", output)
    titles = list(load_compliance(load_catalog()).titles.values())
    assert [title for title, _, _ in rows] == titles
    assert {title[0]: status for title, status, _ in rows} == {
        "1": "FAIL", "2": "FAIL", "3": "FAIL", "4": "PASS", "5": "FAIL", "6": "FAIL", "7": "FAIL",
    }  # fmt: skip
    assert scan.code == 3  # Prowler's own: something fails


def test_both_formats_have_ours_and_prowlers(scan: Run) -> None:
    folder = scan.folder / "compliance"
    rows = csv.DictReader((folder / "report_rolecall.csv").open(encoding="utf-8"), delimiter=";")
    written = {(row["REQUIREMENTS_ID"], row["STATUS"], row["RESOURCENAME"]) for row in rows}
    events = json.loads((folder / "report_rolecall.ocsf.json").read_text(encoding="utf-8"))
    handed = {(e["compliance"]["requirements"][0], e["status_code"], e["resources"][0]["name"]) for e in events}
    failing = {("RC101", "FAIL", "orphan"), ("awslambda_function_inside_vpc", "FAIL", "healthy")}
    assert failing <= written
    assert failing <= handed


def test_what_is_not_in_the_framework_does_not_run(scan: Run, known: dict[str, Any]) -> None:
    inside = {check for requirement in known["framework"]["requirements"] for check in requirement["checks"]["aws"]}
    assert {finding["metadata"]["event_code"] for finding in scan.findings} <= inside
