"""The events of functions: who calls, and what SAM makes so that it may. One row each.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from rolecall.iac.sam.apis import DEFAULT_ROUTE, http_route, rest_route
from rolecall.iac.sam.mappings import MAPPINGS, event_source_mapping, sqs_mapping
from rolecall.iac.sam.policies import ExecutionRole
from rolecall.iac.sam.schedules import rule, schedule
from rolecall.iac.sam.stack import Event, Stack, Target
from rolecall.iac.sam.values import is_intrinsic, listed, mapping, only_if, picked, ref, referred, sub
from rolecall.iac.template import Declared
from rolecall.unknown import Unknown


def add_events(stack: Stack, called: Target, events: Any, role: ExecutionRole) -> None:
    """Make what the events of a function need. role: the execution role that SAM makes for it."""
    if events is not None and (not isinstance(events, Mapping) or is_intrinsic(events)):
        _unread(Event(stack, "Events", {}, called, role))
        return
    for name, event in sorted((events or {}).items(), key=_order):
        given = event.get("Properties") if isinstance(event, Mapping) else None
        kind = event.get("Type") if isinstance(event, Mapping) else None
        one = Event(stack, str(name), mapping(given), called, role)
        make = _EVENTS.get(kind) if isinstance(kind, str) else None
        if make is None or (given is not None and not one.given and given != {}):
            _unread(one)
        else:
            make(one)


def _order(item: tuple[str, Any]) -> str:
    """SAM's: by path, so that the default route of an HTTP API comes before the others."""
    name, event = item
    given = mapping(mapping(event).get("Properties"))
    if mapping(event).get("Type") == "HttpApi" and not given.get("Path") and not given.get("Method"):
        return DEFAULT_ROUTE
    path = given.get("Path")
    return path if isinstance(path, str) else name


def _unread(event: Event) -> None:
    """Something may be let in, and the role may be allowed something, that nobody can tell."""
    why = Unknown(f"what calls through {event.logical} is not known")
    event.permit(principal=why, SourceArn=why)  # type: ignore[arg-type]
    event.role.doubt(why.reason)


def _schedule(event: Event) -> None:
    logical = rule(event, {"ScheduleExpression": event.property("Schedule"), **picked(event.given, "Name")})
    event.permit("events.amazonaws.com", SourceArn={"Fn::GetAtt": [logical, "Arn"]})


def _event_rule(event: Event) -> None:
    pattern = {"EventPattern": event.given.get("Pattern"), "Name": event.given.get("RuleName")}
    logical = rule(event, {**pattern, **picked(event.given, "EventBusName")})
    event.permit("events.amazonaws.com", SourceArn={"Fn::GetAtt": [logical, "Arn"]})


def _scheduler(event: Event) -> None:
    schedule(event, "lambda:InvokeFunction")


def _s3(event: Event) -> None:
    event.permit("s3.amazonaws.com", SourceAccount=ref("AWS::AccountId"))
    bucket = event.stack.resources.get(referred(event.given.get("Bucket")))
    if bucket is None:
        return
    condition = event.target.source.condition
    base = {"Function": event.target.arn, **picked(event.given, "Filter")}
    added = [only_if(condition, {**base, "Event": name}) for name in listed(event.property("Events"))]
    _append(event.stack, bucket, ("NotificationConfiguration", "LambdaConfigurations"), added)


def _cognito(event: Event) -> None:
    pool = event.stack.resources.get(referred(event.given.get("UserPool")))
    source = {"Fn::GetAtt": [pool.logical, "Arn"]} if pool else Unknown("the user pool is not in this template")
    prefix = referred(event.target.name) or event.target.source.logical
    event.permit("cognito-idp.amazonaws.com", prefix=f"{prefix}Cognito", SourceArn=source)
    if pool is None:
        return
    triggers = listed(event.property("Trigger"))
    names = [name for name in triggers if isinstance(name, str)]
    held = event.stack.held(pool)
    config = held.get("LambdaConfig")
    if len(names) != len(triggers) or (config is not None and not mapping(config) and config != {}):
        event.stack.change(pool.logical, {**held, "LambdaConfig": Unknown("the triggers are not known")})
        return
    added = dict.fromkeys(names, event.target.arn)
    event.stack.change(pool.logical, {**held, "LambdaConfig": {**added, **mapping(config)}})


def _append(stack: Stack, declared: Declared, path: tuple[str, str], added: list[Any]) -> None:
    """Append to a list in a resource's properties."""
    held = stack.held(declared)
    outer = held.get(path[0])
    inner = mapping(outer).get(path[1])
    known = (outer is None or outer == {} or mapping(outer)) and (inner is None or isinstance(inner, list))
    entries = (
        [*listed(inner), *(entry for entry in added if entry not in listed(inner))]
        if known
        else Unknown(f"{path[1]} of {declared.logical} is not known")
    )
    stack.change(declared.logical, {**held, path[0]: {**mapping(outer), path[1]: entries}})


def _sns(event: Event) -> None:
    topic, through = event.property("Topic"), event.given.get("SqsSubscription")
    known = picked(event.given, "Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy")
    if not through:
        event.permit("sns.amazonaws.com", SourceArn=topic)
        subscription = {"Protocol": "lambda", "Endpoint": event.target.arn, "TopicArn": topic, **known}
        event.add("", "AWS::SNS::Subscription", subscription)
        return
    queue: Any = mapping(through).get("QueueArn") or Unknown("the queue of the subscription is not known")
    if through is True:
        queue = {"Fn::GetAtt": [event.add("Queue", "AWS::SQS::Queue", {}), "Arn"]}
    event.add("", "AWS::SNS::Subscription", {"Protocol": "sqs", "Endpoint": queue, "TopicArn": topic, **known})
    sqs_mapping(event, queue, mapping(through).get("BatchSize") or 10)


def _logs(event: Event) -> None:
    group = event.property("LogGroupName")
    arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*"
    event.permit("logs.amazonaws.com", SourceArn=sub(arn, __LogGroupName__=group))
    event.add(
        "",
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": group, "DestinationArn": event.target.arn, **picked(event.given, "FilterPattern")},
    )


def _iot(event: Event) -> None:
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}"
    account = sub("${AWS::AccountId}")
    event.permit("iot.amazonaws.com", SourceArn=sub(arn, RuleName=ref(event.logical)), SourceAccount=account)
    payload = {
        "Sql": event.given.get("Sql"),
        "RuleDisabled": False,
        "Actions": [{"Lambda": {"FunctionArn": event.target.arn}}],
        **picked(event.given, "AwsIotSqlVersion"),
    }
    event.add("", "AWS::IoT::TopicRule", {"TopicRulePayload": payload})


def _alexa(event: Event) -> None:
    event.permit("alexa-appkit.amazon.com", EventSourceToken=event.given.get("SkillId"))


_EVENTS: Mapping[str, Callable[[Event], None]] = {
    "Schedule": _schedule,
    "ScheduleV2": _scheduler,
    "CloudWatchEvent": _event_rule,
    "EventBridgeRule": _event_rule,
    "S3": _s3,
    "SNS": _sns,
    "CloudWatchLogs": _logs,
    "IoTRule": _iot,
    "AlexaSkill": _alexa,
    "Cognito": _cognito,
    "Api": rest_route,
    "HttpApi": http_route,
    **{kind: partial(event_source_mapping, kind=kind) for kind in MAPPINGS},
}
