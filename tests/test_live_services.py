"""What the readers of services share: how many calls they make, and where there is nothing to call."""

from __future__ import annotations

import boto3
import pytest
from fake_aws import ACCOUNT, REGION, AwsError, FakeAccount, function

from rolecall.live import collect, needs_of
from rolecall.live.calls import Aws, CallFailed
from rolecall.live.iot import rules
from rolecall.live.place import Place
from rolecall.rules import run

RULES = ("RC204", "RC304", "RC306", "RC307", "RC308", "RC309", "RC310", "RC311", "RC312", "RC317")
NOT_OFFERED = "ap-northeast-3"  # AWS IoT has no endpoint there
BUCKETS = [{"Name": "here", "BucketRegion": REGION}, {"Name": "abroad", "BucketRegion": "us-east-1"}]


def arn(name: str, region: str = REGION) -> str:
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"


def place(region: str) -> Place:
    return Place(Aws(boto3.Session("x", "x")), ACCOUNT, "aws", region)


def test_functions_cost_a_policy_each_and_services_a_listing_each() -> None:
    aws = FakeAccount([function(f"f{number}") for number in range(100)])
    calls = collect(aws.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(RULES)).calls
    assert calls["lambda:GetPolicy"] == 100
    others = {action: count for action, count in calls.items() if not action.startswith("lambda:")}
    assert others.pop("cloudwatch:DescribeAlarms") == 2  # those that call functions, and those that watch them
    assert set(others.values()) == {1}
    assert set(others) == {
        "cloudwatch:ListMetrics", "cognito-idp:ListUserPools", "config:DescribeConfigRules",
        "config:DescribeOrganizationConfigRules", "elasticloadbalancing:DescribeTargetGroups", "iot:ListTopicRules",
        "logs:DescribeAccountPolicies", "s3:ListAllMyBuckets", "secretsmanager:ListSecrets",
        "ses:DescribeActiveReceiptRuleSet",
    }  # fmt: skip


def test_each_bucket_is_asked_once_whatever_the_regions() -> None:
    regions = (REGION, "us-east-1", "us-west-2")
    notified = [
        {
            "for": {"Bucket": "here", "region": REGION},
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn("f")}],
        },
        {"for": {"Bucket": "abroad", "region": "us-east-1"}},
    ]
    aws = FakeAccount(
        [function("f"), *(function("g", region=region) for region in regions[1:])],
        answers={"s3:ListBuckets": {"Buckets": BUCKETS}, "s3:GetBucketNotificationConfiguration": notified},
    )
    read = collect(aws.session(), account=ACCOUNT, partition="aws", regions=regions, needs=needs_of(["RC304"]))
    assert read.calls["s3:GetBucketNotification"] == 2
    assert read.calls["s3:ListAllMyBuckets"] == len(regions)
    [invoker] = read.inventory.invokers
    assert (invoker.resource.region, invoker.source_arn) == (REGION, "arn:aws:s3:::here")


@pytest.mark.parametrize(("rule", "elsewhere"), [("RC307", "UNKNOWN"), ("RC304", "PASS"), ("RC204", "FAIL")])
def test_what_is_denied_in_one_region_leaves_the_others_where_nothing_calls_across(rule: str, elsewhere: str) -> None:
    denied = {"for": {"region": REGION}, "error": "AccessDeniedException"}
    listings = ("cognito-idp:ListUserPools", "s3:ListBuckets", "cloudwatch:DescribeAlarms")
    aws = FakeAccount(
        [function("f"), function("g", region="us-east-1")], answers={listing: [denied, {}] for listing in listings}
    )
    read = collect(
        aws.session(), account=ACCOUNT, partition="aws", regions=(REGION, "us-east-1"), needs=needs_of([rule])
    )
    found = {finding.function: finding.status.value for finding in run(read.inventory, only=[rule])}
    assert found == {"f": "UNKNOWN", "g": elsewhere}


def test_a_region_without_the_service_has_nothing_of_it(no_endpoint: None) -> None:
    assert list(rules(place(NOT_OFFERED))) == []


def test_a_region_with_the_service_that_does_not_answer_is_not_read(no_endpoint: None) -> None:
    with pytest.raises(CallFailed, match=r"iot:ListTopicRules failed \(EndpointConnectionError\) in eu-west-1"):
        list(rules(place(REGION)))


def test_an_alias_that_is_called_is_named_in_the_command() -> None:
    secret = {"ARN": "arn", "Name": "shop/db", "RotationEnabled": True, "RotationLambdaARN": f"{arn('f')}:live"}
    aws = FakeAccount([function("f")], answers={"secretsmanager:ListSecrets": {"SecretList": [secret]}})
    read = collect(aws.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(["RC308"]))
    [finding] = run(read.inventory, only=["RC308"])
    command = finding.remediation.cli
    assert "--function-name f:live --statement-id secrets_manager_rotation_shop_db " in command
    assert f"--source-account {ACCOUNT}" in command


def test_pages_that_were_read_do_not_hide_that_the_next_failed() -> None:
    page = [{"NextToken": "more", "SecretList": []}]
    errors = {"secretsmanager:ListSecrets": [None, AwsError("AccessDeniedException")]}
    aws = FakeAccount([function("f")], answers={"secretsmanager:ListSecrets": page}, errors=errors)  # type: ignore[arg-type]
    read = collect(aws.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(["RC308"]))
    assert read.unread == ("secretsmanager:ListSecrets was denied in eu-west-1",)
