"""Prowler's ways to choose what is looked at, with our checks and its own: tags, regions, another account's role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_proxy import aws_proxy
from broken_account import TAGS, stage
from hosts import REGION, moto_account, run_prowler
from prowler_runs import OURS, Run, key, prowler

ABROAD, OTHER = "us-east-1", "444455556666"
ROLE = f"arn:aws:iam::{OTHER}:role/audit"
BUILT_IN = "awslambda_function_not_publicly_accessible"
RULES = ("RC101", "RC341", "RC205")
CHECKS = [BUILT_IN, *(check for check, rule in OURS.items() if rule in RULES)]


@pytest.fixture(scope="module")
def accounts() -> Iterator[str]:
    """The endpoint of an account with functions in two regions, and of another one that a role leads to."""
    with moto_account() as endpoint:
        stage(endpoint)
        here = boto3.Session("x", "x")
        function = here.client("lambda", region_name=REGION, endpoint_url=endpoint).get_function(FunctionName="healthy")
        settings = {name: function["Configuration"][name] for name in ("Role", "Runtime", "Handler")}
        here.client("lambda", region_name=ABROAD, endpoint_url=endpoint).create_function(
            FunctionName="far", Code={"ZipFile": b""}, Tags=TAGS["open"], **settings
        )
        sts = here.client("sts", region_name=REGION, endpoint_url=endpoint)
        given = sts.assume_role(RoleArn=ROLE, RoleSessionName="stage")["Credentials"]
        there = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION)
        stage(endpoint, OTHER, there)
        yield endpoint


def looked_at(scan: Run) -> set[tuple[str, str]]:
    """Rules and checks with the ARNs that they told of."""
    return {(key(finding)[0], resource(finding)["uid"]) for finding in scan.findings}


def resource(finding: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = finding["resources"][0]
    return found


def arn(name: str, region: str = REGION, account: str = "123456789012") -> str:
    return f"arn:aws:lambda:{region}:{account}:function:{name}"


def test_resource_tag_selects_functions_of_all_regions(accounts: str, tmp_path: Path) -> None:
    """Prowler then runs only checks whose name has "function" in it: none on the account."""
    tag = ["--resource-tag", "team=web", "-f", REGION, ABROAD]
    scan = prowler(accounts, tmp_path, "-c", *CHECKS, *tag, "-M", "json-ocsf")
    wanted = (arn("open"), arn("far", ABROAD))
    assert looked_at(scan) == {(check, arn) for check in ("RC101", "RC341", BUILT_IN) for arn in wanted}
    assert scan.of("RC341", "open")["status_code"] == "FAIL"


def test_a_region_is_the_only_one_that_is_looked_at(accounts: str, tmp_path: Path) -> None:
    scan = prowler(accounts, tmp_path, "-c", *CHECKS, "-f", ABROAD, "-M", "json-ocsf")
    account = ("RC205", "arn:aws:iam::123456789012:root")
    assert looked_at(scan) == {account, *((check, arn("far", ABROAD)) for check in ("RC101", "RC341", BUILT_IN))}
    assert {finding["cloud"]["region"] for finding in scan.findings} == {ABROAD}


def test_a_role_leads_to_another_account(accounts: str, tmp_path: Path) -> None:
    scan = prowler(accounts, tmp_path, "-c", *CHECKS, "-R", ROLE, "-M", "json-ocsf")
    functions = [arn(name, account=OTHER) for name in ("edge_only", "healthy", "open", "orphan")]
    account = ("RC205", f"arn:aws:iam::{OTHER}:root")
    assert looked_at(scan) == {account, *((check, arn) for check in ("RC101", "RC341", BUILT_IN) for arn in functions)}
    assert {finding["cloud"]["account"]["uid"] for finding in scan.findings} == {OTHER}
    orphan = scan.of("RC101", "orphan")
    assert (orphan["status_code"], scan.of("RC101", "healthy")["status_code"]) == ("FAIL", "PASS")
    assert f"arn:aws:iam::{OTHER}:role/service-role/gone" in orphan["status_detail"]
    record = resource(orphan)["data"]["metadata"]["rolecall"]["resource"]
    assert (record["account"], record["region"], record["arn"]) == (OTHER, REGION, arn("orphan", account=OTHER))
    assert resource(orphan)["cloud_partition"] == "aws"
    assert "123456789012" not in str(scan.findings)


def test_a_role_that_cannot_be_assumed_ends_the_run_as_prowler_ends_it(accounts: str, tmp_path: Path) -> None:
    with aws_proxy(accounts, ["sts:AssumeRole"]) as proxy:
        done = run_prowler("-c", *CHECKS, "-R", ROLE, "-f", REGION, "-o", "out", cwd=tmp_path, endpoint=proxy.url)
    assert done.returncode == 1
    assert "AssumeRole" in done.stderr
    assert not (tmp_path / "out").exists()
    assert proxy.calls.keys() == {"sts:GetCallerIdentity", "sts:AssumeRole"}
