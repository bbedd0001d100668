"""The CloudWatch alarms of a template.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rolecall.iac.cloudformation_arns import name_of
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import ABSENT, as_text
from rolecall.iac.template import Declared
from rolecall.iac.wiring import UNSEEN_ALARM, metric_of_expression
from rolecall.model import Alarm, Metric, Resource
from rolecall.unknown import Text, Unknown

ALARM, _STACK, _MODULE = "AWS::CloudWatch::Alarm", "AWS::CloudFormation::Stack", "::MODULE"


def alarms(values: TemplateValues, resource_of: Callable[[Declared, Text, Text], Resource]) -> Iterator[Alarm]:
    """The alarms of one template, and what may make some.

    resource_of: makes the model's resource of a declaration, a name and an ARN.
    """
    for declared in values.made(ALARM):
        name, arn = name_of(values, declared, "AlarmName"), values.attribute_of(declared.logical, "Arn")
        made = True if values.certainly_made(declared) else None
        yield Alarm(resource_of(declared, name, arn), tuple(_metrics(values.properties(declared))), made)
    for declared in values.template.resources.values():
        why = _unseen(values, declared)
        if why:
            yield Alarm(resource_of(declared, UNSEEN_ALARM, Unknown(why)), (Unknown(why),), None)
            if values.template.transforms:
                return


def _unseen(values: TemplateValues, declared: Declared) -> str:
    """Why there may be alarms that the template does not show."""
    if values.template.transforms:
        return "a transform of the template may make alarms"
    nested = declared.type == _STACK or declared.type.endswith(_MODULE)
    return f"{declared.logical} is a template of its own" if nested else ""


def _metrics(alarm: Mapping[str, Any]) -> Iterator[Metric | Unknown]:
    """What an alarm watches: one metric, or those of its queries."""
    queries = alarm.get("Metrics")
    if queries in (None, ABSENT):
        yield _metric(alarm)
        return
    for query in queries if isinstance(queries, list) else [queries]:
        if not isinstance(query, Mapping):
            yield query if isinstance(query, Unknown) else Unknown("the metrics could not be read")
            continue
        stat = query.get("MetricStat")
        if isinstance(stat, Mapping) and not query.get("AccountId"):
            metric = stat.get("Metric")
            yield _metric(metric) if isinstance(metric, Mapping) else Unknown("a metric could not be read")
        elif stat is not None:
            yield stat if isinstance(stat, Unknown) else Unknown("it is a metric of another account")
        if query.get("Expression"):
            yield from metric_of_expression(as_text(query["Expression"]))


def _metric(given: Mapping[str, Any]) -> Metric:
    texts = [as_text(given.get(name, Unknown(f"{name} is missing"))) for name in ("Namespace", "MetricName")]
    return Metric(texts[0], texts[1], _dimensions(given.get("Dimensions")))


def _dimensions(value: Any) -> Mapping[str, Text] | Unknown:
    found: dict[str, Text] = {}
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        name = item.get("Name") if isinstance(item, Mapping) else None
        if not isinstance(name, str) or not isinstance(item, Mapping):
            return Unknown("the dimensions are known only when the stack is deployed")
        found[name] = as_text(item.get("Value"))
    return found
