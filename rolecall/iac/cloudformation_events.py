"""The EventBridge rules and the trails of a template.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rolecall.arn import parse_arn
from rolecall.iac.cloudformation_arns import name_of
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import ABSENT, as_text
from rolecall.iac.partial_document import parsed
from rolecall.iac.template import Declared
from rolecall.iac.wiring import bus_name
from rolecall.model import Document, EventRule, Resource, Trail
from rolecall.trail import records_writes
from rolecall.unknown import Text, Tri, Unknown, all3

RULE, _TRAIL = "AWS::Events::Rule", "AWS::CloudTrail::Trail"
_NOTHING = (None, ABSENT)
ResourceOf = Callable[[Declared, Text, Text], Resource]


def event_rules(values: TemplateValues, resource_of: ResourceOf) -> Iterator[EventRule]:
    """The rules of one template. resource_of: makes the model's resource of a declaration, a name and an ARN."""
    for declared in values.made(RULE):
        given = values.value(declared, "EventPattern")
        targets, region = _targets(values, declared), _condition_region(values, declared)
        made = True if region or values.certainly_made(declared) else None
        region = region or _region_of(targets)
        resource = resource_of(
            declared, name_of(values, declared, "Name"), values.attribute_of(declared.logical, "Arn")
        )
        yield EventRule(
            replace(resource, region=region) if region else resource,
            bus=bus_name(values.get(declared, "EventBusName") or "default"),
            state=values.get(declared, "State") or "ENABLED",
            pattern=None if given in _NOTHING else _pattern(given),
            targets=targets,
            made=made,
        )


def _pattern(given: Any) -> Document:
    """The pattern, given as an object or as text, of which parts may not be known."""
    content = parsed(given) if isinstance(given, (str, Unknown)) else given
    return content if isinstance(content, (Mapping, Unknown)) else Unknown("the pattern is not an object")


def _targets(values: TemplateValues, declared: Declared) -> tuple[Text, ...] | Unknown:
    given = values.value(declared, "Targets")
    if isinstance(given, Unknown):
        return given
    listed = given if isinstance(given, list) else [] if given in _NOTHING else [given]
    return tuple(as_text(item.get("Arn")) if isinstance(item, Mapping) else as_text(item) for item in listed)


def _condition_region(values: TemplateValues, declared: Declared) -> str:
    """The region where a rule is made that depends on ``!Equals [!Ref AWS::Region, us-east-1]``."""
    test = values.template.conditions.get(declared.condition)
    sides = test.get("Fn::Equals") if isinstance(test, Mapping) else None
    if not isinstance(sides, list) or len(sides) != 2:
        return ""
    named = [side for side in sides if isinstance(side, str)]
    own = any(isinstance(side, Mapping) and side.get("Ref") == "AWS::Region" for side in sides)
    return str(named[0]) if own and len(named) == 1 else ""


def _region_of(targets: tuple[Text, ...] | Unknown) -> str:
    """The region of a rule by a target that is written out: only an event bus may be in another one.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """
    for target in targets if isinstance(targets, tuple) else ():
        arn = parse_arn(target) if isinstance(target, str) else None
        if arn is not None and arn.region and arn.service != "events":
            return arn.region
    return ""


def trails(values: TemplateValues, resource_of: ResourceOf) -> Iterator[Trail]:
    """The trails of one template."""
    for declared in values.made(_TRAIL):
        given = values.properties(declared)
        recorded = records_writes(
            _selectors(given.get("EventSelectors")), _advanced(given.get("AdvancedEventSelectors"))
        )
        of_iam = _flag(given.get("IncludeGlobalServiceEvents"), default=True)
        made = True if values.certainly_made(declared) else None
        yield Trail(
            resource_of(declared, name_of(values, declared, "TrailName"), values.attribute_of(declared.logical, "Arn")),
            everywhere=_flag(given.get("IsMultiRegionTrail"), default=False),
            writes=all3((made, _flag(given.get("IsLogging"), default=True), of_iam, recorded)),
        )


def _flag(given: Any, *, default: bool) -> Tri:
    return default if given in _NOTHING else {"true": True, "false": False}.get(str(given).lower())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in _NOTHING else [value]


def _selectors(value: Any) -> list[Any]:
    return [
        (item.get("IncludeManagementEvents", True), item.get("ReadWriteType", "All"))
        if isinstance(item, Mapping) else Unknown("an event selector is not known")
        for item in _listed(value)
    ]  # fmt: skip


def _advanced(value: Any) -> list[Any]:
    found: list[Any] = []
    for item in _listed(value):
        fields = _listed(item.get("FieldSelectors")) if isinstance(item, Mapping) else [item]
        known = [field for field in fields if isinstance(field, Mapping)]
        tests = [(str(f.get("Field")), {name: f[name] for name in f if name != "Field"}) for f in known]
        found.append(tests if len(known) == len(fields) else Unknown("a field selector is not known"))
    return found
