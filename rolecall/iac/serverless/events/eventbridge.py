"""Events of EventBridge: ``schedule``, ``cloudwatchEvent`` and ``eventBridge``.

Sources: https://www.serverless.com/framework/docs/providers/aws/events/schedule,
https://www.serverless.com/framework/docs/providers/aws/events/event-bridge,
https://www.serverless.com/framework/docs/providers/aws/events/cloudwatch-event
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, as_name, setting, table
from rolecall.iac.serverless.stack import Compile, Stack, function_arn
from rolecall.unknown import text

_RULE_NAME = 64


def _schedules(stack: Stack, function: Function) -> None:
    number = 0
    callable_ = False
    role = stack.resources[function.logical]["Properties"]["Role"]
    for event in function.events("schedule"):
        rate = setting(event, "rate")
        method = table(event).get("method")
        for expression in rate if isinstance(rate, list) else [rate]:
            number += 1
            settings = {
                "ScheduleExpression": expression,
                "State": "DISABLED" if table(event).get("enabled") is False else "ENABLED",
                "Name": table(event).get("name"),
            }
            if method == "scheduler":
                callable_ = True
                stack.add(
                    f"{function.normal}SchedulerSchedule{number}",
                    "AWS::Scheduler::Schedule",
                    {**settings, "GroupName": table(event).get("groupName"),
                     "Target": {"Arn": function.target, "RoleArn": table(event).get("roleArn") or role}},
                    function,
                )  # fmt: skip
            else:
                rule = f"{function.normal}EventsRuleSchedule{number}"
                target = {"Arn": function.target, "Id": f"{function.key}Schedule"}
                stack.add(rule, "AWS::Events::Rule", {**settings, "Targets": [target]}, function)
                stack.permit(
                    f"{function.normal}LambdaPermissionEventsRuleSchedule{number}",
                    function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]},
                )  # fmt: skip
    if callable_:
        stack.trust(function, "scheduler.amazonaws.com")
        stack.grant(
            function, "lambda:InvokeFunction", on=[function_arn(function.name), function_arn(function.name, ":*")]
        )


def _cloudwatch_events(stack: Stack, function: Function) -> None:
    for number, event in enumerate(function.events("cloudwatchEvent"), start=1):
        rule = f"{function.normal}EventsRuleCloudWatchEvent{number}"
        properties = {
            "EventPattern": table(event).get("event"),
            "State": "DISABLED" if table(event).get("enabled") is False else "ENABLED",
            "Name": table(event).get("name"),
            "Targets": [{"Arn": function.target, "Id": f"{function.key}CloudWatchEvent"}],
        }
        stack.add(rule, "AWS::Events::Rule", properties, function)
        stack.permit(
            f"{function.normal}LambdaPermissionEventsRuleCloudWatchEvent{number}",
            function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]},
        )  # fmt: skip


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
                "State": "DISABLED" if settings.get("enabled") is False else "ENABLED",
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
