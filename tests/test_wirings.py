"""What the readers of wirings and the rules of statements do below what the cases show."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from fake_aws import ACCOUNT, REGION, FakeAccount, function

from rolecall.findings import Status
from rolecall.iac.cloudformation import read
from rolecall.iac.template import Declared, Template
from rolecall.iac.wiring import json_member
from rolecall.live import collect, needs_of
from rolecall.model import Inventory, Role, Settings
from rolecall.rules import run
from rolecall.unknown import Unknown, text

FUNCTION = Unknown("made later", "Errors.Arn")


@pytest.mark.parametrize(
    ("document", "value"),
    [
        ('{"DestinationArn": "arn:x", "FilterPattern": ""}', "arn:x"),
        ('{"FilterPattern": ""}', ""),
        ('{"DestinationArn": "never closed', ""),
        (text('{"DestinationArn":"', FUNCTION, '"}'), FUNCTION),
        (text('{"DestinationArn" : "arn:', FUNCTION, ':live"}'), text("arn:", FUNCTION, ":live")),
    ],
)
def test_a_member_of_a_json_text_that_is_known_in_part(document: Any, value: Any) -> None:
    assert json_member(document, "DestinationArn") == value


def test_of_a_json_text_without_the_member_nothing_is_known() -> None:
    assert isinstance(json_member(text("{", FUNCTION), "DestinationArn"), Unknown)


def test_a_long_json_text_ends_in_time() -> None:
    started = time.monotonic()
    json_member('"DestinationArn"' * 20_000 + " " * 100_000, "DestinationArn")
    assert time.monotonic() - started < 2


ODD = [None, 3, "text", [], {}, [None, [["x"]], 7], {"Fn::Nothing": 1}, {"Ref": None}, Unknown("not known")]
PROPERTIES = {
    "AWS::CloudWatch::Alarm": ["AlarmActions", "Metrics", "Dimensions", "Namespace"],
    "AWS::Events::Rule": ["EventPattern", "Targets", "EventBusName", "State"],
    "AWS::CloudTrail::Trail": ["EventSelectors", "AdvancedEventSelectors", "IsLogging", "IsMultiRegionTrail"],
    "AWS::Logs::AccountPolicy": ["PolicyDocument"],
    "AWS::SES::ReceiptRule": ["Rule", "RuleSetName"],
    "AWS::SecretsManager::RotationSchedule": ["SecretId", "RotationLambdaARN"],
    "AWS::Config::ConfigRule": ["Source"],
    "AWS::Bedrock::Agent": ["ActionGroups", "CustomOrchestration"],
    "AWS::AppSync::Api": ["EventConfig"],
    "AWS::Lex::BotAlias": ["BotAliasLocaleSettings", "BotId"],
    "AWS::Scheduler::Schedule": ["Target", "GroupName"],
    "AWS::Pipes::Pipe": ["Target", "Enrichment", "RoleArn"],
    "AWS::AppSync::DataSource": ["LambdaConfig", "ServiceRoleArn", "ApiId"],
    "AWS::KinesisFirehose::DeliveryStream": ["ExtendedS3DestinationConfiguration"],
    "AWS::CodePipeline::Pipeline": ["Stages", "RoleArn"],
    "AWS::StepFunctions::StateMachine": ["Definition", "RoleArn"],
    "AWS::Lambda::Permission": ["SourceArn", "Principal", "Action", "FunctionName"],
}


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_types_break_neither_readers_nor_rules(odd: Any) -> None:
    resources = {
        f"R{number}": Declared(f"R{number}", kind, dict.fromkeys(names, odd))
        for number, (kind, names) in enumerate(PROPERTIES.items())
    }
    inventory = read([Template("template.yaml", "cloudformation", resources)])
    assert [finding.message for finding in run(inventory) if finding.status is Status.ERROR] == []


def cross_account() -> Inventory:
    partner = {
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    account = FakeAccount(
        functions=[function("orders")], policies={"orders": {"Version": "2012-10-17", "Statement": [partner]}}
    )
    needs = needs_of(["RC344"])
    return collect(account.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs).inventory


@pytest.mark.parametrize(
    ("trusted", "status"), [({"444455556666"}, Status.PASS), ({"777788889999"}, Status.FAIL), (set(), Status.FAIL)]
)
def test_accounts_that_the_team_trusts(trusted: set[str], status: Status) -> None:
    inventory = replace(cross_account(), settings=Settings(trusted_accounts=frozenset(trusted)))
    [finding] = run(inventory, only=["RC344"])
    assert finding.status is status


@pytest.mark.parametrize(("account", "status"), [("444455556666", Status.PASS), ("777788889999", Status.FAIL)])
def test_principals_that_the_team_trusts(account: str, status: Status) -> None:
    """By RC344 in the function's policy, by RC106 in the trust policy of its role."""
    trusted = Settings(trusted_principals=frozenset({f"arn:aws:iam::{account}:root"}))
    [policy] = run(replace(cross_account(), settings=trusted), only=["RC344"])
    assert policy.status is status
    inventory = cross_account()
    [(key, orders)] = inventory.functions.items()
    role = Role(
        resource=replace(orders.resource, arn=f"arn:aws:iam::{ACCOUNT}:role/r", name="r", key="r"),
        trust_policy={
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root", "Service": "lambda.amazonaws.com"},
            },
        },
    )
    known = replace(orders, role=replace(orders.role, role=role))
    [trust] = run(replace(inventory, functions={key: known}, settings=trusted), only=["RC106"])
    assert trust.status is status, trust.message
