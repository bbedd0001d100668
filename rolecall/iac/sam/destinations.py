"""``EventInvokeConfig``: where the results of asynchronous calls go, and what the role needs for that.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokeconfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.policies import ExecutionRole, allow
from rolecall.iac.sam.stack import Stack, Target
from rolecall.iac.sam.values import arn_of, choice, is_no_value, mapping, picked, ref
from rolecall.unknown import Unknown

# what SAM makes when no destination is named: type, and what follows the logical ID
_MADE = {"SQS": ("AWS::SQS::Queue", "Queue"), "SNS": ("AWS::SNS::Topic", "Topic")}


def event_invoke_config(stack: Stack, target: Target, config: Any, role: ExecutionRole, alias: Any) -> None:
    """Make the configuration. alias: name of the published alias, ``None`` without one."""
    if not config:
        return
    logical, given = f"{target.source.logical}EventInvokeConfig", mapping(config)
    wanted = mapping(given.get("DestinationConfig"))
    destinations: Any = {
        name: {"Destination": _destination(stack, target, f"{logical}{name}", mapping(wanted[name]), role)}
        for name in ("OnSuccess", "OnFailure")
        if wanted.get(name) is not None
    }
    if not given or (given.get("DestinationConfig") and not wanted):
        role.doubt("the destinations of EventInvokeConfig are not known")
        destinations = Unknown("the destinations of EventInvokeConfig are not known")
    stack.add(
        logical,
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": ref(target.source.logical),
            "Qualifier": "$LATEST" if alias is None else alias,
            "DestinationConfig": destinations,
            **picked(given, "MaximumEventAgeInSeconds", "MaximumRetryAttempts"),
        },
        target.source,
    )


def _destination(stack: Stack, target: Target, logical: str, given: Mapping[str, Any], role: ExecutionRole) -> Any:
    """The ARN that results go to; makes the queue or topic where none is named."""
    kind, arn = given.get("Type"), given.get("Destination")
    condition = target.source.condition
    chosen = choice(arn)
    unnamed, when = arn is None, ""
    if chosen is not None and any(map(is_no_value, chosen[1:])):
        name, first, second = chosen
        unnamed = True
        if is_no_value(first) and is_no_value(second):
            arn = None
        else:
            when, arn = (name, second) if is_no_value(first) else (stack.unless(name), first)
            condition = stack.both(condition, when)
    if not isinstance(kind, str) or (unnamed and kind not in _MADE):
        role.doubt("a destination of EventInvokeConfig is not known")
        return Unknown("a destination of EventInvokeConfig is not known") if arn is None else arn
    if unnamed:
        type_, suffix = _MADE[kind]
        made = f"{logical}{suffix}"
        stack.add(made, type_, {}, target.source, condition)
        stack.renamed[f"{target.source.logical}.Destination{suffix}"] = made
        own = ref(made) if kind == "SNS" else arn_of(made)
        arn = {"Fn::If": [when, own, arn]} if when else own
    allow_sending(role, kind, arn, logical)
    return arn


def allow_sending(role: ExecutionRole, kind: str, arn: Any, logical: str) -> None:
    """Let the role send to a destination. kind: SQS, SNS, EventBridge, Lambda, S3Bucket or S3."""
    actions = {
        "SQS": "sqs:SendMessage",
        "SNS": "sns:publish",
        "EventBridge": "events:PutEvents",
        "Lambda": "lambda:InvokeFunction",
    }
    if kind in ("S3Bucket", "S3"):
        objects = allow("s3:PutObject", {"Fn::Join": ["/", [arn, "*"]]})
        role.allow(f"{logical}S3Policy", objects, allow("s3:ListBucket", arn))
    elif kind in actions:
        role.allow(f"{logical}{kind}Policy", allow(actions[kind], arn))
    else:
        role.doubt(f"what SAM allows for a destination of type {kind} is not known")
