"""What ListFunctions leaves out or gives as null: the reference calls no field of a function required.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from fake_aws import ACCOUNT, REGION, FakeAccount, FakeRole, function

from rolecall.findings import Status
from rolecall.live import Collected, collect, needs_of
from rolecall.rules import load_rules, run

RULES = [name for name, rule in load_rules().items() if "live" in rule.entry.surfaces]


def read(account: FakeAccount, *rules: str) -> Collected:
    return collect(account.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(rules))


FULL = function(
    "f",
    DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"},
    Environment={"Variables": {"A": "b"}},
    FileSystemConfigs=[
        {"Arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/p", "LocalMountPath": "/mnt"}
    ],
    KMSKeyArn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1",
    LastModified="2026-01-01T00:00:00.000+0000",
    LoggingConfig={"LogGroup": "/app", "LogFormat": "Text"},
    SnapStart={"ApplyOn": "PublishedVersions"},
    TracingConfig={"Mode": "Active"},
    VpcConfig={"VpcId": "vpc-1", "SubnetIds": ["subnet-1"]},
)
MAY = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "logs:CreateLogGroup",
    "logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    "sqs:SendMessage", "elasticfilesystem:ClientMount",
]  # fmt: skip


def without(place: tuple[str, ...], *, null: bool) -> dict[str, Any]:
    """The full configuration without a field, or a field of a field."""
    field, *inner = place
    left = {key: value for key, value in FULL[field].items() if key != inner[0]} if inner else None
    null_inside = {**FULL[field], inner[0]: None} if inner else None
    given = {**FULL, field: null_inside if null else left}
    return given if inner or null else {key: value for key, value in FULL.items() if key != field}


def scanned(configuration: dict[str, Any]) -> tuple[Collected, dict[tuple[str, str], Status]]:
    statement = {"Effect": "Allow", "Action": MAY, "Resource": "*"}
    role = FakeRole(inline={"own": {"Version": "2012-10-17", "Statement": [statement]}})
    collected = read(FakeAccount([configuration], {"role/app": role}), *RULES)
    return collected, {(f.rule, f.function): f.status for f in run(collected.inventory, only=RULES)}


@cache
def sound_scan() -> tuple[Collected, dict[tuple[str, str], Status]]:
    return scanned(FULL)


@pytest.mark.parametrize("null", [False, True])
@pytest.mark.parametrize(
    "place", [(k,) for k in FULL] + [(k, i) for k, v in FULL.items() if isinstance(v, dict) for i in v], ids=".".join
)
def test_a_field_that_is_missing_breaks_nothing_and_makes_nothing_fail(place: tuple[str, ...], null: bool) -> None:
    _, sound = sound_scan()
    collected, found = scanned(without(place, null=null))
    assert {of for of, status in found.items() if status is Status.FAIL and sound.get(of) is not Status.FAIL} == set()
    assert found.keys() == sound.keys() or (place == ("FunctionArn",) and collected.problems)


def test_a_function_without_an_arn_is_a_problem_and_the_others_are_looked_at() -> None:
    nameless = {key: value for key, value in FULL.items() if key != "FunctionArn"}
    collected = read(FakeAccount([nameless, function("g")]), "RC102")
    assert [problem.message for problem in collected.problems] == [
        f"lambda:ListFunctions did not tell the ARN of a function in {REGION}"
    ]
    assert [made.label for made in collected.inventory.functions.values()] == ["g"]


def test_variables_that_may_not_be_decrypted_are_there() -> None:
    """Whoever lists functions reads those that a customer's key encrypts only with kms:Decrypt."""
    error = {"ErrorCode": "AccessDeniedException", "Message": "not authorized to perform: kms:Decrypt"}
    account = FakeAccount(
        [function("f", Environment={"Error": error}, KMSKeyArn=FULL["KMSKeyArn"], LastModified=FULL["LastModified"])],
        {"role/app": FakeRole(created="2026-05-01T00:00:00Z")},
    )
    [finding] = run(read(account, "RC109").inventory, only=["RC109"])
    assert finding.status is Status.UNKNOWN
