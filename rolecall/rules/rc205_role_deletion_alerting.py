"""RC205: a rule of EventBridge that is meant to tell when a role is deleted does tell.

Looks at rules whose pattern names IAM or DeleteRole. Fails for one that is off, has no target, is in a region where
events of IAM never arrive, or asks for DeleteRole in a way that no event has. Cannot know when the rule depends on what
is not known, is fed by another rule, or when no trail here certainly records the event: the account may have one.
In an account one rule that tells suffices, and fails where there is none, or no trail that records the event.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.event_pattern import ABSENT, Event, matches
from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.model import EventRule, Inventory, Trail
from rolecall.unknown import Text, Tri, Unknown, all3, any3

# Where events of IAM arrive, by partition.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
_REGIONS = frozenset({
    "us-east-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eusc-de-east-1",
})  # fmt: skip
_ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_NAMES = ("aws.iam", "iam.amazonaws.com", "DeleteRole")
_TELLING = ("source", "eventSource", "eventName")
_FAILED_CALL = (("detail", "errorCode"), ("detail", "errorMessage"))
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
_DELETED: Event = {
    ("source",): "aws.iam",
    ("detail-type",): "AWS API Call via CloudTrail",
    ("detail", "eventSource"): "iam.amazonaws.com",
    ("detail", "eventName"): "DeleteRole",
    ("detail", "eventType"): "AwsApiCall",
    ("detail", "readOnly"): False,
    **dict.fromkeys(_FAILED_CALL, ABSENT),
}
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eusc-")  # the name of their event source is not documented


def check(rule: EventRule, inventory: Inventory) -> Verdict:
    label, pattern = rule.resource.label, rule.pattern
    if pattern is None:
        return not_applicable(f"{label} has a schedule only.")
    if isinstance(pattern, Unknown):
        return unknown(f"What events {label} is for is not known: {pattern.reason}.")
    event = _event(rule.resource.region)
    told = matches(pattern, event)
    if not _is_meant(pattern, event, told):
        return not_applicable(f"{label} is not for the deletion of roles.")
    faults = tuple(_faults(rule, inventory, told))
    if faults:
        return failed(
            f"{label} does not tell when a role is deleted: {'; '.join(faults)}.",
            rule_name=rule.resource.name,
            rule_address=rule.resource.address,
        )
    doubts = tuple(_doubts(rule, inventory, told))
    if doubts:
        return unknown(f"Whether {label} tells when a role is deleted is not known: {'; '.join(doubts)}.")
    return passed(f"{label} tells its targets when a role is deleted.")


def of_account(inventory: Inventory) -> Verdict:
    unread = inventory.unread_part("event_rules") or inventory.unread_part("trails")
    rules = [rule for rule in inventory.event_rules if _is_for_deletions(rule)]
    recorded = any3(_records(trail) for trail in inventory.trails)
    telling = [rule for rule in rules if not any(_faults(rule, inventory, _told(rule)))]
    sure = [rule for rule in telling if not any(_own_doubts(rule, _told(rule)))]
    if sure and recorded:
        return passed(f"{sure[0].resource.label} tells its targets when a role is deleted.")
    if unread is not None:
        return unknown(f"Whether anybody is told when a role is deleted is not known: {unread.reason}.")
    if telling and (recorded is None or (recorded and not sure)):
        doubts = [
            *_own_doubts(telling[0], _told(telling[0])),
            *(["what the trails record"] if recorded is None else []),
        ]
        return unknown(f"Whether {telling[0].resource.label} tells when a role is deleted is not known: {doubts[0]}.")
    faults = [f"{rule.resource.label}: {'; '.join(_faults(rule, inventory, _told(rule)))}" for rule in rules[:3]]
    if telling:
        faults = ["no trail records management events that change something where the events of IAM arrive"]
    why = "; ".join(faults) or "no EventBridge rule is for it"
    return failed(
        f"Nobody is told when a role is deleted: {why}.",
        rule_name=rules[0].resource.name if rules else "role-deletion",
        rule_address=rules[0].resource.address if rules else "role-deletion",
    )


def _told(rule: EventRule) -> Tri:
    return matches(rule.pattern, _event(rule.resource.region))


def _is_for_deletions(rule: EventRule) -> bool:
    return rule.pattern is not None and _is_meant(rule.pattern, _event(rule.resource.region), _told(rule))


def _event(region: Text) -> Event:
    """What the rules of a region get when a role was deleted."""
    other = isinstance(region, str) and region.startswith(_OTHER_PARTITIONS)
    return {path: value for path, value in _DELETED.items() if not other or path != ("detail", "eventSource")}


def _is_meant(pattern: Any, event: Event, told: Tri) -> bool:
    """Whether a pattern is meant for the deletion of roles, or may be."""
    asked = list(_asked(pattern, ""))
    if told is False:  # it asks for it in vain, unless it asks for calls that were refused
        any_outcome = {path: value for path, value in event.items() if path not in _FAILED_CALL}
        return "DeleteRole" in asked and matches(pattern, any_outcome) is False
    return any(item in _NAMES or (isinstance(item, Unknown) and told is None) for item in asked)


def _faults(rule: EventRule, inventory: Inventory, told: Tri) -> Iterator[str]:
    if told is False:
        yield "it asks for DeleteRole together with what no such event has"
    if told is None:
        return
    if isinstance(rule.state, str) and rule.state not in _ENABLED:
        yield "it is disabled"
    if rule.targets == ():
        yield "it has no target"
    if _arrives(rule.resource.region) is False and not _is_fed(rule, inventory):
        yield f"events of IAM do not arrive in {rule.resource.region}"


def _doubts(rule: EventRule, inventory: Inventory, told: Tri) -> Iterator[str]:
    yield from _own_doubts(rule, told)
    trails = [trail for trail in inventory.trails if trail.resource.scope == rule.resource.scope]
    if any3(_records(trail) for trail in trails) is not True:
        yield "no trail here certainly records management events that change something"


def _own_doubts(rule: EventRule, told: Tri) -> Iterator[str]:
    if told is None:
        yield "its pattern depends on what is not known"
    if rule.made is None:
        yield "whether it is made"
    for value in (rule.state, rule.targets, rule.bus):
        if isinstance(value, Unknown):
            yield value.reason
    if isinstance(rule.bus, str) and rule.bus != "default":
        yield "another rule must pass the events of IAM on to its event bus"
    elif _arrives(rule.resource.region) is not True:
        yield f"events of IAM arrive in one region, and the rule is in {rule.resource.region}"


def _arrives(region: Text) -> Tri:
    """Whether events of IAM arrive in a region."""
    if isinstance(region, Unknown):
        return None
    if region in _REGIONS:
        return True
    return None if "-iso" in region or region.startswith("eusc-") else False


def _is_fed(rule: EventRule, inventory: Inventory) -> bool:
    """Whether it is on another bus, or a rule here passes events on to a bus, that of another region perhaps."""
    others = [one for one in inventory.event_rules if one.resource.scope == rule.resource.scope]
    targets = [
        target for one in others for target in (one.targets if isinstance(one.targets, tuple) else [one.targets])
    ]
    return rule.bus != "default" or any(":event-bus/" in str(target) for target in targets)


def _records(trail: Trail) -> Tri:
    return all3((trail.writes, any3((trail.everywhere, _arrives(trail.resource.region)))))


def _asked(pattern: Any, field: str, depth: int = 0) -> Iterator[Any]:
    """What a pattern asks for in the fields that tell which event it is: texts, and what is not known."""
    if isinstance(pattern, (str, Unknown)):
        if field in _TELLING:
            yield pattern
    elif isinstance(pattern, Mapping) and depth < 40:
        for name, item in pattern.items():
            yield from _asked(item, name if name in _TELLING else field, depth + 1)
    elif isinstance(pattern, list) and depth < 40:
        for item in pattern:
            yield from _asked(item, field, depth + 1)
