"""AWS IoT Core: topic rules that call functions.

The listing does not tell what a rule does: one call for each rule that is not disabled.
Sources: https://docs.aws.amazon.com/iot/latest/apireference/API_ListTopicRules.html,
https://docs.aws.amazon.com/iot/latest/apireference/API_GetTopicRule.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker


def rules(place: Place) -> Iterator[Any]:
    """The functions among the actions of the region's rules, the error action included."""
    return place.each(lambda name: _functions_of(place, name), _enabled(place))


def _enabled(place: Place) -> Iterator[str]:
    for page in place.pages("iot", "list_topic_rules"):
        for rule in page.get("rules") or ():
            if rule.get("ruleDisabled") is not True:
                yield str(rule.get("ruleName", ""))


def _functions_of(place: Place, name: str) -> Iterator[Invoker]:
    rule = place.call("iot", "get_topic_rule", ruleName=name).get("rule") or {}
    arn = place.arn("iot", f"rule/{name}")
    for action in (*(rule.get("actions") or ()), rule.get("errorAction") or {}):
        function = (action.get("lambda") or {}).get("functionArn")
        if function:
            yield Invoker(
                kind="iot_rule",
                resource=place.resource("AWS::IoT::TopicRule", arn, name),
                what=f"The IoT rule {name}",
                function=str(function),
                source_arn=arn,
            )


PARTS = (
    # nothing says that the function must be of the rule's region
    Part("iot_rule", rules, ("iot:ListTopicRules", "iot:GetTopicRule"), abroad=True),
)
