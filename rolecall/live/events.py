"""Amazon EventBridge: rules that call functions.

Sources: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html,
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

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


PARTS = (Part("eventbridge_rule", targets, _ACTIONS),)
