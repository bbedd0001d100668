"""Amazon CloudWatch: what alarms watch, and the functions that they call.

Log alarms, which watch no metric, are not read.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html (100 a page)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.wiring import may_be_function, metric_of_expression
from rolecall.live.metrics import dimensions_of
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Alarm, Invoker, Metric
from rolecall.unknown import Unknown

_PAGE = 100
_TYPES = {"MetricAlarms": "AWS::CloudWatch::Alarm", "CompositeAlarms": "AWS::CloudWatch::CompositeAlarm"}
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")


def actions(place: Place) -> Iterator[Invoker]:
    """The functions among the actions of alarms, metric and composite; each once for an alarm.

    CloudWatch lists the alarms with such an action by the beginning of its ARN.
    """
    prefix = f"arn:{place.partition}:lambda:"
    kinds = ["MetricAlarm", "CompositeAlarm"]
    for page in place.pages("cloudwatch", "describe_alarms", page_size=_PAGE, AlarmTypes=kinds, ActionPrefix=prefix):
        for listed, type in _TYPES.items():
            for alarm in page.get(listed) or ():
                if alarm.get("ActionsEnabled") is not False:
                    yield from _functions_of(place, type, alarm)


def _functions_of(place: Place, type: str, alarm: Mapping[str, Any]) -> Iterator[Invoker]:
    arn, name = str(alarm.get("AlarmArn", "")), str(alarm.get("AlarmName", ""))
    for action in dict.fromkeys(str(action) for kind in _ACTIONS for action in alarm.get(kind) or ()):
        if may_be_function(action):
            yield Invoker(
                kind="cloudwatch_alarm",
                resource=place.resource(type, arn, name),
                what=f"The alarm {name}",
                function=action,
                source_arn=arn,
            )


def watched(place: Place) -> Iterator[Alarm]:
    """The metric alarms, with what they watch."""
    for page in place.pages("cloudwatch", "describe_alarms", page_size=_PAGE, AlarmTypes=["MetricAlarm"]):
        for alarm in page.get("MetricAlarms") or ():
            arn, name = str(alarm.get("AlarmArn", "")), str(alarm.get("AlarmName", ""))
            yield Alarm(place.resource(_TYPES["MetricAlarms"], arn, name), tuple(_metrics(place, alarm)))


def _metrics(place: Place, alarm: Mapping[str, Any]) -> Iterator[Metric | Unknown]:
    """What an alarm watches in this account: one metric, those of its queries, or what a query of PromQL finds."""
    if alarm.get("MetricName"):
        yield _metric(alarm)
    for query in alarm.get("Metrics") or ():
        metric = (query.get("MetricStat") or {}).get("Metric")
        if metric and (query.get("AccountId") or place.account) == place.account:
            yield _metric(metric)
        if query.get("Expression"):
            yield from metric_of_expression(str(query["Expression"]))
    language = (alarm.get("EvaluationCriteria") or {}).get("PromQLCriteria") or {}
    if "lambda" in str(language.get("Query", "")).lower():
        yield Unknown("it is a query of PromQL")


def _metric(given: Mapping[str, Any]) -> Metric:
    return Metric(str(given.get("Namespace", "")), str(given.get("MetricName", "")), dimensions_of(given))


ALARMS = "alarms"
PARTS = (
    # nothing says that a function must be of the alarm's region; a metric is
    Part("cloudwatch_alarm", actions, ("cloudwatch:DescribeAlarms",), abroad=True),
    Part(ALARMS, watched, ("cloudwatch:DescribeAlarms",)),
)
