"""Events of EventBridge: ``schedule``, ``cloudwatchEvent`` and ``eventBridge``.

Sources: https://www.serverless.com/framework/docs/providers/aws/events/schedule,
https://www.serverless.com/framework/docs/providers/aws/events/event-bridge,
https://www.serverless.com/framework/docs/providers/aws/events/cloudwatch-event
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, as_name, setting, table
from rolecall.iac.serverless.stack import Compile, Stack, function_arn
from rolecall.unknown import text

_RULE_NAME = 64


def _schedules(stack: Stack, function: Function) -> None:
    role = stack.resources[function.logical]["Properties"]["Role"]
    scheduled = False
    for number, (event, expression) in enumerate(_expressions(function), start=1):
        settings = {"ScheduleExpression": expression, "State": _state(event), "Name": table(event).get("name")}
        if table(event).get("method") != "scheduler":
            _add_rule(stack, function, f"Schedule{number}", settings, f"{function.key}Schedule")
            continue
        scheduled = True
        target = {"Arn": function.target, "RoleArn": table(event).get("roleArn") or role}
        stack.add(
            f"{function.normal}SchedulerSchedule{number}", "AWS::Scheduler::Schedule",
            {**settings, "GroupName": table(event).get("groupName"), "Target": target}, function,
        )  # fmt: skip
    if scheduled:
        stack.trust(function, "scheduler.amazonaws.com")
        stack.grant(
            function, "lambda:InvokeFunction", on=[function_arn(function.name), function_arn(function.name, ":*")]
        )


def _expressions(function: Function) -> Iterator[tuple[Any, Any]]:
    """Each schedule event with each of its rates."""
    for event in function.events("schedule"):
        rate = setting(event, "rate")
        yield from ((event, expression) for expression in (rate if isinstance(rate, list) else [rate]))


def _cloudwatch_events(stack: Stack, function: Function) -> None:
    for number, event in enumerate(function.events("cloudwatchEvent"), start=1):
        settings = table(event)
        properties = {"EventPattern": settings.get("event"), "State": _state(event), "Name": settings.get("name")}
        _add_rule(stack, function, f"CloudWatchEvent{number}", properties, f"{function.key}CloudWatchEvent")


def _add_rule(stack: Stack, function: Function, label: str, properties: Mapping[str, Any], target: str) -> None:
    """A rule of the default bus, and the permission for it. target: the ID of the function among its targets."""
    rule = f"{function.normal}EventsRule{label}"
    targets = [{"Arn": function.target, "Id": target}]
    stack.add(rule, "AWS::Events::Rule", {**properties, "Targets": targets}, function)
    permission = f"{function.normal}LambdaPermissionEventsRule{label}"
    stack.permit(permission, function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]})


def _state(event: Any) -> str:
    return "DISABLED" if table(event).get("enabled") is False else "ENABLED"


def _buses(stack: Stack, function: Function) -> None:
    for number, event in function.numbered_events("eventBridge"):
        settings = table(event)
        default = text(function.name, f"-rule-{number}")
        name = settings.get("name") or _shortened(default, f"rule-{number}")
        given = settings.get("eventBus")
        bus = given[given.find("/") + 1 :] if isinstance(given, str) and given.startswith("arn") else given
        if isinstance(given, str) and bus == given and bus not in ("default", ""):
            stack.add(f"{names.normal(bus)}EventBridgeEventBus", "AWS::Events::EventBus", {"Name": bus}, function)
        on_default = not bus or bus == "default"
        target = {"Arn": function.target, "Id": _shortened(text(as_name(name), "-target"), "target")}
        label = names.alphanumeric(default if isinstance(default, str) else f"{function.key}-rule-{number}")
        stack.add(
            f"{label}EventBridgeRule", "AWS::Events::Rule",
            {
                "EventBusName": None if on_default else bus,
                "EventPattern": settings.get("pattern"),
                "ScheduleExpression": settings.get("schedule"),
                "Name": name,
                "State": _state(event),
                "Targets": [target],
            },
            function,
        )  # fmt: skip
        path = ["rule", name] if on_default else ["rule", bus, name]
        source = ["arn", {"Ref": "AWS::Partition"}, "events", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
        stack.permit(
            f"{function.normal}EventBridgeLambdaPermission{number}", function, "events.amazonaws.com",
            {"Fn::Join": [":", [*source, {"Fn::Join": ["/", path]}]]},
        )  # fmt: skip


def _shortened(name: Any, ending: str) -> Any:
    """A rule's or target's name, hashed where it is too long."""
    if not isinstance(name, str) or len(name) <= _RULE_NAME:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: 31 - len(ending)]}{digest}-{ending}"


EVENTS: Mapping[str, Compile] = {
    "schedule": _schedules,
    "cloudwatchEvent": _cloudwatch_events,
    "eventBridge": _buses,
}
