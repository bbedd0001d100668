"""RC204: an alarm watches the errors of the function.

Fails when no alarm is on the function's metric Errors, or on that of all functions: none of the account, or none of the
configuration where it sets alarms.
Cannot know when what an alarm watches is not known, when the account's alarms were not read, or when a configuration
sets no alarm at all: a team that keeps its alarms elsewhere would be told of every function.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam.match import match
from rolecall.model import Alarm, Function, Inventory, Metric
from rolecall.rules.in_code import function_facts
from rolecall.unknown import Text, Tri, Unknown, all3, parts_of


def check(function: Function, inventory: Inventory) -> Verdict:
    label = function.label
    doubtful: tuple[Alarm, Metric | Unknown] | None = None
    for alarm, metric in inventory.metrics_of(function):
        of_errors = _is_of_errors(metric, function)
        if of_errors is False:
            continue
        watches = all3((of_errors, _same(alarm.resource.region, function), alarm.made))
        if watches:
            return passed(f"The alarm {alarm.resource.label} watches the errors of {label}.", _only_of(metric))
        doubtful = doubtful or ((alarm, metric) if watches is None else None)
    if doubtful is not None:
        alarm, metric = doubtful
        why = f": {metric.reason}" if isinstance(metric, Unknown) else ""
        return unknown(f"Whether {alarm.resource.label} watches the errors of {label} is not known{why}.")
    unread = inventory.unread_part("alarms", function.resource.region)
    if unread is not None:
        return unknown(f"Whether an alarm watches the errors of {label} is not known: {unread.reason}.")
    if inventory.framework != "live" and not inventory.keeps_alarms(function.resource.scope):
        return unknown(f"No alarm is set here; whether one watches the errors of {label} elsewhere is not known.")
    return failed(
        f"No alarm watches the errors of {label}: it can fail for days before somebody notices.",
        **function_facts(function),
    )


def _is_of_errors(metric: Metric | Unknown, function: Function) -> Tri:
    """Whether it is the metric Errors of the function, or of one of its aliases or versions, or of all functions.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    if isinstance(metric, Unknown):
        return None
    if isinstance(metric.name, str) and metric.name != "Errors":  # most are told by this
        return False
    return all3((_is(metric.namespace, "AWS/Lambda"), _is(metric.name, "Errors"), _is_of(metric, function)))


def _is_of(metric: Metric, function: Function) -> Tri:
    if isinstance(metric.dimensions, Unknown):
        return None
    name = metric.dimension("FunctionName")
    if name is None:
        return not metric.dimensions  # Lambda has no metric with other dimensions that lacks this one
    return match(parts_of(name), function.resource.name, wildcards=False)


def _only_of(metric: Metric | Unknown) -> str:
    of = metric.dimension("Resource") if isinstance(metric, Metric) else None
    return "" if of is None else f"of the invocations of {of} only"


def _same(region: Text, function: Function) -> Tri:
    return match(parts_of(region), function.resource.region, wildcards=False)


def _is(value: Text, wanted: str) -> Tri:
    return match(parts_of(value), wanted, wildcards=False)
