"""Rules of EventBridge and schedules of EventBridge Scheduler, which call functions and state machines alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.policies import ExecutionRole, allow
from rolecall.iac.sam.stack import Event, trust
from rolecall.iac.sam.values import arn_of, picked

_TARGET = ("Input", "InputPath", "InputTransformer", "RetryPolicy")
_SCHEDULE = (
    "Description", "StartDate", "EndDate", "ScheduleExpressionTimezone", "GroupName", "KmsKeyArn", "State",
)  # fmt: skip


def rule(event: Event, given: Mapping[str, Any], role_arn: Any = None) -> str:
    """Make a rule that calls the target; returns its logical ID. role_arn: of the role to call with."""
    enabled = event.given.get("Enabled")
    state = event.given.get("State") if enabled is None else "ENABLED" if enabled else "DISABLED"
    return event.add("", "AWS::Events::Rule", {**given, "State": state, "Targets": [_target(event, role_arn)]})


def schedule(event: Event, action: str) -> None:
    """Make a schedule, and unless it names one the role with which it calls. action: what that role must allow.

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html
    """
    queue, role_arn = event.dead_letter_arn(), event.given.get("RoleArn")
    if not role_arn:
        role, logical = ExecutionRole(), f"{event.logical}Role"
        role.allow(f"{event.logical}Policy", allow(action, event.target.arn))
        if queue:
            role.allow(f"{event.logical}SQSPolicy", allow("sqs:SendMessage", queue))
        others = picked(event.given, "PermissionsBoundary")
        event.add("Role", "AWS::IAM::Role", role.properties(trust("scheduler.amazonaws.com"), **others))
        role_arn = arn_of(logical)
    name = None if event.given.get("OmitName") is True else event.given.get("Name") or event.logical
    event.add(
        "",
        "AWS::Scheduler::Schedule",
        {
            "ScheduleExpression": event.property("ScheduleExpression"),
            "FlexibleTimeWindow": event.given.get("FlexibleTimeWindow") or {"Mode": "OFF"},
            "Name": name,
            **picked(event.given, *_SCHEDULE),
            "Target": {
                "Arn": event.target.arn,
                "RoleArn": role_arn,
                **({"DeadLetterConfig": {"Arn": queue}} if queue else {}),
                **picked(event.given, "Input", "RetryPolicy"),
            },
        },
    )


def _target(event: Event, role_arn: Any) -> dict[str, Any]:
    queue = event.dead_letter_arn()
    return {
        "Arn": event.target.arn,
        "Id": event.logical,
        **({"RoleArn": role_arn} if role_arn is not None else {}),
        **({"DeadLetterConfig": {"Arn": queue}} if queue is not None else {}),
        **picked(event.given, *_TARGET),
    }
