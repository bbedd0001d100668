"""Amazon EventBridge: rules that call functions, and rules for what happens to roles.

Sources: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html,
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rolecall.live.calls import CallFailed, Unread
from rolecall.live.iam import home
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Document, EventRule, Invoker

_ACTIONS = ("events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule")


def targets(place: Place) -> Iterator[Any]:
    """The targets of rules that are functions."""
    rules = (rule for bus in _buses(place) for rule in _rules(place, bus))
    return place.each(lambda rule: _functions_of(place, rule), rules)


def _buses(place: Place) -> Iterator[str]:
    for page in place.pages("events", "list_event_buses", next_by="NextToken"):
        yield from (bus["Name"] for bus in page.get("EventBuses", ()))


def _rules(place: Place, bus: str) -> Iterator[dict[str, Any]]:
    for page in place.pages("events", "list_rules", EventBusName=bus):
        yield from page.get("Rules", ())


def _functions_of(place: Place, rule: dict[str, Any]) -> Iterator[Invoker]:
    name, bus = rule["Name"], rule.get("EventBusName", "default")
    for page in place.pages("events", "list_targets_by_rule", Rule=name, EventBusName=bus):
        for target in page.get("Targets", ()):
            if ":lambda:" in target["Arn"]:
                yield Invoker(
                    kind="eventbridge_rule",
                    resource=place.resource("AWS::Events::Rule", rule["Arn"], name),
                    what=f"The EventBridge rule {name}",
                    function=target["Arn"],
                    source_arn=rule["Arn"],
                    role=target.get("RoleArn"),
                )


def rules_on_iam(place: Place) -> Iterator[EventRule | Unread]:
    """The rules with a pattern that names IAM, on the default bus of the region where its events arrive."""
    there = place.in_region(home(place.partition))
    named = (rule for rule in _rules(there, "default") if _NAMES_IAM.search(rule.get("EventPattern") or ""))
    yield from place.each(lambda rule: _event_rule(there, rule), named)


_NAMES_IAM = re.compile(r"iam|DeleteRole")


def _event_rule(place: Place, rule: dict[str, Any]) -> Iterator[EventRule | Unread]:
    """A rule whose targets are denied is still a rule."""
    reached: tuple[str, ...] | Unread
    try:
        pages = place.pages("events", "list_targets_by_rule", Rule=rule["Name"], EventBusName="default")
        reached = tuple(target["Arn"] for page in pages for target in page.get("Targets", ()))
    except CallFailed as failure:
        reached = failure.unread
        yield failure.unread
    yield EventRule(
        resource=place.resource("AWS::Events::Rule", rule["Arn"], rule["Name"]),
        bus="default",
        state=rule.get("State") or Unread("events:ListRules does not say whether it is enabled"),
        pattern=_pattern(rule.get("EventPattern") or ""),
        targets=reached,
    )


def _pattern(written: str) -> Document:
    try:
        pattern = json.loads(written)
    except (ValueError, RecursionError):
        pattern = None
    return pattern if isinstance(pattern, dict) else Unread("events:ListRules gives a pattern that is none")


PARTS = (
    Part("eventbridge_rule", targets, _ACTIONS),
    Part("event_rules", rules_on_iam, ("events:ListRules", "events:ListTargetsByRule"), regional=False),
)
