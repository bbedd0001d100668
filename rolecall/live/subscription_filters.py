"""Amazon CloudWatch Logs: subscription filters that call functions, of the account and of log groups.

No listing tells which log groups have filters, and an account has about as many groups as functions: to ask each group
would cost a call per function. CloudWatch counts what filters forward and what they fail to, a refusal included, by
log group; its listing holds the metrics of the last two weeks. So the filters of those groups are read. A filter to
which no log event has come for two weeks is not seen: it has lost nothing either. Group and function are of one region.
Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html (500 a page),
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeSubscriptionFilters.html,
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rolecall.iac.wiring import may_be_function
from rolecall.invocation import ANY_LOG_GROUP
from rolecall.live import metrics
from rolecall.live.calls import Unread
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, text

_GROUP, _DESTINATION = "LogGroupName", "DestinationType"
_NO_FUNCTIONS = ("kinesis", "firehose")  # the other destinations that there are, in whatever spelling
_NO_POLICY = Unread("logs:DescribeAccountPolicies returned something that is not a policy")


def subscriptions(place: Place) -> Iterator[Any]:
    return place.each(lambda read: read(place), (_of_account, _of_groups))


def _of_account(place: Place) -> Iterator[Any]:
    """The account's filters, which are for the log groups of the region."""
    policies = place.pages(
        "logs", "describe_account_policies", next_by="nextToken", policyType="SUBSCRIPTION_FILTER_POLICY"
    )
    for page in policies:
        for policy in page.get("accountPolicies") or ():
            name = str(policy.get("policyName", ""))
            try:
                destination = str(json.loads(policy.get("policyDocument") or "")["DestinationArn"])
            except (ValueError, TypeError, KeyError):
                yield _NO_POLICY
                continue
            if may_be_function(destination):
                resource = place.resource("AWS::Logs::AccountPolicy", name, name)
                yield _invoker(place, resource, f"The account's filter {name}", ANY_LOG_GROUP, destination)


def _of_groups(place: Place) -> Iterator[Any]:
    return place.each(lambda group: _filters_of(place, group), _forwarding(place))


def _forwarding(place: Place) -> Iterator[str]:
    """The log groups that forwarded log events, or failed to, to something that may be a function."""
    found: set[str] = set()
    for of in metrics.listed(place, "AWS/Logs", dimensions=(_GROUP, _DESTINATION)):
        destination = of.get(_DESTINATION, "").lower()
        if not any(other in destination for other in _NO_FUNCTIONS):
            found.add(of.get(_GROUP, ""))
    yield from sorted(found - {""})


def _filters_of(place: Place, group: str) -> Iterator[Invoker]:
    for page in place.pages("logs", "describe_subscription_filters", logGroupName=group):
        for subscription in page.get("subscriptionFilters") or ():
            destination = str(subscription.get("destinationArn", ""))
            if may_be_function(destination):
                resource = place.resource("AWS::Logs::LogGroup", place.arn("logs", f"log-group:{group}"), group)
                yield _invoker(place, resource, f"The log group {group}", group, destination)


def _invoker(place: Place, resource: Resource, what: str, group: Text, function: str) -> Invoker:
    source = text(place.arn("logs", "log-group:"), group, ":*")
    return Invoker("logs_subscription", resource, what, function, source)


PARTS = (
    Part(
        "logs_subscription",
        subscriptions,
        ("cloudwatch:ListMetrics", "logs:DescribeSubscriptionFilters", "logs:DescribeAccountPolicies"),
    ),
)
