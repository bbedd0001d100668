"""Accounts in other partitions, functions and roles of other kinds, and very many functions."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from fake_aws import ACCOUNT, REGION, FakeAccount, FakeRole, function
from test_cases_live import CASES
from test_live_faults import case
from usual_account import REGIONS, usual_account

from rolecall.findings import Finding, Status, to_record
from rolecall.live import Collected, collect, needs_of
from rolecall.rules import load_rules, run

# What stands for eu-west-1, and for us-east-1, where IAM is at home.
PARTITIONS = {"aws-cn": ("cn-northwest-1", "cn-north-1"), "aws-us-gov": ("us-gov-east-1", "us-gov-west-1")}
# CloudFront runs and calls functions in the partition aws alone; the cases of RC102 are of two partitions.
OTHERWISE = {"aws-cn": ("RC102", "RC104", "RC127", "RC203", "RC315"), "aws-us-gov": ("RC102", "RC104", "RC315")}
RULES = [name for name, rule in load_rules().items() if "live" in rule.entry.surfaces]
ROLE = {"role/app": FakeRole()}


def read(account: FakeAccount, *rules: str, regions: tuple[str, ...] = (REGION,)) -> Collected:
    return collect(
        account.session(), account=ACCOUNT, partition=account.partition, regions=regions, needs=needs_of(rules)
    )


def findings(account: FakeAccount, *rules: str, regions: tuple[str, ...] = (REGION,)) -> dict[tuple[str, str], Finding]:
    found = run(read(account, *rules, regions=regions).inventory, only=rules)
    return {(finding.rule, finding.function or "account"): finding for finding in found}


def moved(value: Any, partition: str) -> Any:
    """An account, or a part of it, as it would be in another partition."""
    if isinstance(value, str):
        region, home = PARTITIONS[partition]
        text = value.replace("arn:aws:", f"arn:{partition}:").replace(REGION, region).replace("us-east-1", home)
        return re.sub(r"(//sqs\.cn-[a-z0-9-]+\.amazonaws\.com)/", r"\1.cn/", text)
    if isinstance(value, dict):
        return {moved(key, partition): moved(item, partition) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [moved(item, partition) for item in value]
    if isinstance(value, (FakeRole, FakeAccount)):
        kept = {"errors", "page_size", "requests", "unlisted", "partition"}
        there = {f.name: moved(getattr(value, f.name), partition) for f in fields(value) if f.name not in kept}
        return replace(value, **there, **({"partition": partition} if isinstance(value, FakeAccount) else {}))
    return value


def in_each_place() -> list[tuple[str, Path]]:
    """In each partition, the first case of a rule that fails and the first that passes."""
    chosen = {}
    for path in CASES:
        if ".unknown." not in path.name:
            chosen.setdefault((path.parent.name, path.name.split(".")[-3]), path)
    return [(place, path) for place in PARTITIONS for (rule, _), path in chosen.items() if rule not in OTHERWISE[place]]


@pytest.mark.parametrize(
    ("partition", "path"),
    in_each_place(),
    ids=lambda given: given if isinstance(given, str) else f"{given.parent.name}/{given.name}",
)
def test_a_case_has_the_same_verdicts_in_another_partition(partition: str, path: Path) -> None:
    rule, account = path.parent.name, case(path)
    regions = sorted({REGION, *(listed["FunctionArn"].split(":")[3] for listed in account.functions)})
    found = findings(moved(account, partition), rule, regions=tuple(moved(regions, partition)))
    expected = yaml.safe_load(path.read_text(encoding="utf-8"))["expect"]
    verdict = path.name.split(".")[-3].upper()
    assert {name: f.status.value for (_, name), f in found.items()} == {
        name: verdict if name in expected else "PASS" for _, name in found
    }
    assert {name for _, name in found} >= set(expected)
    told = str([to_record(finding) for finding in found.values()])
    assert "arn:aws:" not in told
    assert REGION not in told


@pytest.mark.parametrize(
    ("principal", "status"),
    [
        ("logs.amazonaws.com", Status.PASS),
        ("logs.cn-northwest-1.amazonaws.com.cn", Status.PASS),
        ("logs.amazonaws.com.cn", Status.PASS),
        ("logs.cn-north-1.amazonaws.com.cn", Status.FAIL),  # another region
        ("s3.amazonaws.com.cn", Status.FAIL),
    ],
)
def test_logs_has_names_of_its_own_in_china(principal: str, status: Status) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    filters = {"filterName": "f", "destinationArn": function("f")["FunctionArn"]}
    counted = [{"Name": "LogGroupName", "Value": "/app"}, {"Name": "DestinationType", "Value": "Lambda"}]
    account = FakeAccount(
        [function("f")],
        policies={"f": {"Version": "2012-10-17", "Statement": [statement]}},
        answers={
            "cloudwatch:ListMetrics": {"Metrics": [{"Namespace": "AWS/Logs", "Dimensions": counted}]},
            "logs:DescribeSubscriptionFilters": {"subscriptionFilters": [filters]},
        },
    )
    found = findings(moved(account, "aws-cn"), "RC306", regions=("cn-northwest-1",))
    assert found["RC306", "f"].status is status


def test_lambda_counts_no_asynchronous_events_in_china() -> None:
    """That none were counted does not say that there were none; the scan is complete all the same."""
    account = moved(FakeAccount([function("f")], ROLE), "aws-cn")
    collected = read(account, "RC127", "RC203", regions=("cn-northwest-1",))
    assert (collected.problems, collected.unread) == ((), ())
    for finding in run(collected.inventory, only=["RC127", "RC203"]):
        assert finding.status is Status.UNKNOWN
        assert "Lambda does not count asynchronous events in China" in finding.message


@pytest.mark.parametrize("role", ["role/a/b/c/app", "role/a:b/*/app", "role/service-role/app+=,.@-_x"])
def test_a_path_of_a_role_is_any_text(role: str) -> None:
    found = findings(FakeAccount([function("f", role)], {role: FakeRole()}), "RC101", "RC102", "RC103")
    assert {finding.status for finding in found.values()} == {Status.PASS}


KINDS = {
    "image": {"PackageType": "Image", "ImageConfigResponse": {"ImageConfig": {"Command": ["app.handler"]}}},
    "snap_start": {"Runtime": "java21", "SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}},
    "managed_instances": {"CapacityProviderConfig": {"LambdaManagedInstancesCapacityProviderConfig": {}}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_of_any_kind_has_the_verdicts_of_a_plain_one(kind: str) -> None:
    plain = findings(FakeAccount([function("f", Handler="a.b", Runtime="python3.13")], ROLE), *RULES)
    found = findings(FakeAccount([function("f", **KINDS[kind])], ROLE), *RULES)
    assert {of: f.status for of, f in found.items()} == {of: f.status for of, f in plain.items()}


@pytest.mark.parametrize(("edge", "status"), [(True, Status.PASS), (False, Status.FAIL)])
def test_a_copy_at_the_edge_runs_there(edge: bool, status: Status) -> None:
    """ListFunctions gives copies only with FunctionVersion=ALL, which is not asked for; they name their original.

    https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html (MasterRegion)
    """
    services = ["lambda.amazonaws.com", *(["edgelambda.amazonaws.com"] if edge else [])]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    account = FakeAccount(
        [function("us-east-1.headers", MasterArn=function("headers", region="us-east-1")["FunctionArn"] + ":3")],
        {"role/app": {"Version": "2012-10-17", "Statement": [trust]}},
    )
    found = findings(account, "RC101", "RC102", "RC103", "RC104")
    assert found.pop(("RC104", "us-east-1.headers")).status is status
    assert {finding.status for finding in found.values()} == {Status.PASS}


def test_a_service_linked_role_is_a_role_like_any_other() -> None:
    """Lambda cannot assume one of another service; that service can."""
    role = "role/aws-service-role/scheduler.amazonaws.com/AWSServiceRoleForScheduler"
    target = {"Arn": function("f")["FunctionArn"], "RoleArn": f"arn:aws:iam::{ACCOUNT}:{role}"}
    schedule = {"Name": "s", "GroupName": "default", "Arn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/s"}
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": target["Arn"]}
    given = FakeRole(
        {"Version": "2012-10-17", "Statement": [trust]}, {"p": {"Version": "2012-10-17", "Statement": [may]}}
    )
    account = FakeAccount(
        [function("f", role)],
        {role: given},
        answers={
            "scheduler:ListSchedules": {"Schedules": [{**schedule, "Target": {"Arn": target["Arn"]}}]},
            "scheduler:GetSchedule": {**schedule, "Target": target},
        },
    )
    found = findings(account, "RC101", "RC102", "RC103", "RC322")
    assert {rule: finding.status.value for (rule, _), finding in found.items()} == {
        "RC101": "PASS", "RC102": "PASS", "RC103": "FAIL", "RC322": "PASS",
    }  # fmt: skip


def test_ten_thousand_functions_are_200_pages_and_their_roles_12() -> None:
    account = usual_account(10_000)
    collected = read(account, "RC101", "RC103", regions=REGIONS)
    assert (collected.problems, collected.unread) == ((), ())
    assert dict(collected.calls) == {
        "cloudfront:ListDistributions": 1,
        "iam:GetAccountAuthorizationDetails": 12,
        "lambda:ListEventSourceMappings": 2 * 4,
        "lambda:ListFunctions": 200,
    }
    assert sum(finding.status is Status.PASS for finding in run(collected.inventory, only=["RC101", "RC103"])) == 20_000
