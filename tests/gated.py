"""A gate before an account that lets through what a policy allows, by the decision of the pack's own evaluator.

What a call takes is not asked of the pack. By the service authorization reference an action has the name of its
operation and a prefix that is the name with which the service signs; what differs stands in the tables below:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (HeadBucket, GetBucketEncryption),
.../list_amazoncloudwatch.html (signs as monitoring), .../list_amazonapigatewaymanagement.html (methods of HTTP),
.../list_amazonresourcegrouptaggingapi.html (signs as tagging), .../list_amazonconnect.html (dependent actions), and
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.awsrequest import AWSResponse
from fake_aws import ACCOUNT, REGION, FakeAccount

from rolecall.iam import Request, evaluate

_SIGNS_AS = {"monitoring": "cloudwatch", "tagging": "tag"}
_NAMED = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
}
BESIDES = {
    "connect:DescribeInstance": ("ds:DescribeDirectories",),
    "connect:ListInstances": ("ds:DescribeDirectories",),
    "logs:DescribeAccountPolicies": ("logs:DescribeSubscriptionFilters",),
}


class Gate:
    """Where nothing is refused, everything is answered as without it.

    used: the actions that were asked for and allowed. refused: those that were not. listings: the actions of operations
    that take a token, each with whether it does.
    """

    def __init__(self, policy: Mapping[str, Any]) -> None:
        self.used: set[str] = set()
        self.refused: set[str] = set()
        self.listings: dict[str, bool] = {}
        self._policy = json.dumps(policy)

    def session(self, account: FakeAccount) -> Any:
        session = account.session()
        session.events.register_first("before-call", self._pass)
        return session

    def _pass(self, model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        asked = list(_needed(model))
        refused = {action for action in asked if not _allows(self._policy, action, _resource(model))}
        self.refused |= refused
        self.used |= set(asked) - refused
        self.listings[asked[0]] = self.listings.get(asked[0], False) or _is_listing(model)
        if not refused:
            return None
        return AWSResponse("", 403, {}, None), {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {}}


def _needed(model: Any) -> Iterator[str]:
    """The actions that an operation takes, the one of its own first. model: botocore's, of the operation."""
    prefix = _SIGNS_AS.get(model.service_model.signing_name, model.service_model.signing_name)
    action = f"{prefix}:{model.http['method'] if prefix == 'apigateway' else model.name}"
    yield _NAMED.get(action, action)
    yield from BESIDES.get(action, ())


def _resource(model: Any) -> str:
    """What an operation is on, as far as a policy may tell it apart: of API Gateway the path, without a version."""
    if model.service_model.signing_name != "apigateway":
        return "*"
    path = re.sub(r"\{\w+\}", "a1b2c3", model.http["requestUri"]).removeprefix("/v2")
    return f"arn:aws:apigateway:{REGION}::{path}"


@cache
def _allows(policy: str, action: str, resource: str) -> bool:
    request = Request(f"arn:aws:iam::{ACCOUNT}:role/audit", action, resource, resource_account=ACCOUNT)
    return evaluate(request, identity_policies=[policy]).allowed is True


def _is_listing(model: Any) -> bool:
    members = model.input_shape.members if model.input_shape else ()
    return any(word in name.lower() for name in members for word in ("token", "marker", "position", "exclusivestart"))
