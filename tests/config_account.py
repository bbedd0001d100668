"""An account whose functions AWS Config records, and a scan that takes their policies from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from fake_aws import ACCOUNT, REGION, FakeAccount, function

from rolecall.findings import Finding
from rolecall.live import Account, Scan, scan

CHANGED = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
RULES = ("RC341",)
RECORDER = {"name": "default", "recordingGroup": {"allSupported": True}}
HEALTHY = {"name": "default", "recording": True, "lastStatus": "SUCCESS"}


def lambda_(name: str, region: str = REGION, **more: Any) -> dict[str, Any]:
    return function(name, region=region, LastModified="2026-05-01T12:00:00.000+0000", RevisionId="r1", **more)


def statement(name: str, region: str = REGION, restricted: bool = True) -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}} if restricted else {}
    return {
        "Sid": "topic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function(name, region=region)["FunctionArn"],
        **condition,
    }


def policy(name: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement(name, **more)]}


def item(name: str, document: object = None, region: str = REGION, **more: Any) -> dict[str, Any]:
    """The configuration item of a function. document: its policy, or its text."""
    text = document if isinstance(document, str) else json.dumps(document or policy(name, region=region))
    return {
        "arn": function(name, region=region)["FunctionArn"],
        "configurationItemCaptureTime": (CHANGED + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=2))),
        "configurationItemStatus": "OK",
        "configuration": json.dumps({"functionName": name, "revisionId": "r1"}),
        "supplementaryConfiguration": {"Policy": text},
        **more,
    }


def config(items: Iterable[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """Answers of AWS Config, which takes no more than 100 keys."""
    by_place = {(str(one["arn"]).split(":")[3], str(one["arn"]).split(":")[6]): one for one in items}

    def batch(asked: Mapping[str, Any]) -> dict[str, Any]:
        names = [key["resourceId"] for key in asked["resourceKeys"]]
        assert len(names) <= 100
        assert {key["resourceType"] for key in asked["resourceKeys"]} == {"AWS::Lambda::Function"}
        found = [by_place[asked["region"], name] for name in names if (asked["region"], name) in by_place]
        return {"baseConfigurationItems": found, "unprocessedResourceKeys": []}

    return {
        "config:DescribeConfigurationRecorders": {"ConfigurationRecorders": [RECORDER]},
        "config:DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": [HEALTHY]},
        "config:BatchGetResourceConfig": batch,
        **more,
    }


def subscribed(endpoint: str) -> dict[str, Any]:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
    subscription = {"Protocol": "lambda", "TopicArn": topic, "SubscriptionArn": f"{topic}:0", "Endpoint": endpoint}
    return {"sns:ListSubscriptions": {"Subscriptions": [subscription]}}


def urls(*names: str) -> dict[str, Any]:
    listed = [
        {
            "for": {"FunctionName": name},
            "FunctionUrlConfigs": [
                {
                    "FunctionUrl": f"https://{name}.lambda-url.{REGION}.on.aws/",
                    "FunctionArn": function(name)["FunctionArn"],
                    "CreationTime": "2026-01-01T00:00:00Z",
                    "AuthType": "NONE",
                }
            ],
        }
        for name in names
    ]
    return {"lambda:ListFunctionUrlConfigs": listed}


def scanned(aws: FakeAccount, *rules: str, regions: tuple[str, ...] = (REGION,), using: bool = True) -> Scan:
    account = Account(ACCOUNT, "aws", REGION)
    return scan(aws.session(), account, regions, rules or RULES, policies_from_config=using)


def only(result: Scan) -> Finding:
    [finding] = result.findings
    return finding
