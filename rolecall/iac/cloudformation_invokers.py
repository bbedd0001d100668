"""What is wired to call functions in a CloudFormation template: one row for each resource type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iac.intrinsics import as_text
from rolecall.iac.wiring import may_be_function
from rolecall.unknown import Text, Unknown


@dataclass(frozen=True)
class Row:
    """kind: the row of ``rolecall.invocation``. what: the source for a reader, before its name.

    path: the properties down to what holds the wiring; a list on the way stands for each of its items.
    function, role: the properties there that name the function and the role to call with; a comma stands between
    several, each for a function of its own. when: one that must have a
    value. source: the property of the resource that holds the ARN of what fires; empty: the resource itself.
    mixed: whether other things than functions can be called.
    """

    kind: str
    type: str
    what: str
    path: tuple[str, ...]
    function: str
    source: str = ""
    when: tuple[str, str] = ("", "")
    role: str = ""
    mixed: bool = False


@dataclass(frozen=True)
class Wiring:
    """One wiring of a resource: what it calls, and with which role."""

    row: Row
    function: Text
    role: Text | None


ROWS = (
    Row("sns_subscription", "AWS::SNS::Subscription", "The SNS topic", (), "Endpoint", source="TopicArn",
        when=("Protocol", "lambda")),
    Row("sns_subscription", "AWS::SNS::Topic", "The SNS topic", ("Subscription",), "Endpoint",
        when=("Protocol", "lambda")),
    Row("s3_notification", "AWS::S3::Bucket", "The bucket", ("NotificationConfiguration", "LambdaConfigurations"),
        "Function"),
    Row("eventbridge_rule", "AWS::Events::Rule", "The EventBridge rule", ("Targets",), "Arn", role="RoleArn",
        mixed=True),
    Row("logs_subscription", "AWS::Logs::SubscriptionFilter", "The log group", (), "DestinationArn", mixed=True),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "Actions", "Lambda"), "FunctionArn"),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "ErrorAction", "Lambda"),
        "FunctionArn"),
    Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig",),
        "CreateAuthChallenge,CustomMessage,DefineAuthChallenge,PostAuthentication,PostConfirmation,PreAuthentication,"
        "PreSignUp,PreTokenGeneration,UserMigration,VerifyAuthChallengeResponse"),
    *(
        Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig", name), "LambdaArn")
        for name in ("PreTokenGenerationConfig", "CustomEmailSender", "CustomSMSSender", "InboundFederation")
    ),
    Row("load_balancer", "AWS::ElasticLoadBalancingV2::TargetGroup", "The target group", ("Targets",), "Id",
        mixed=True),
)  # fmt: skip


def wirings(kind: str, properties: Mapping[str, Any]) -> Iterator[Wiring]:
    """What a resource of this type is wired to call. properties: with their intrinsics resolved."""
    for row in ROWS:
        if row.type != kind:
            continue
        for holder in _holders(properties, row.path):
            attribute, wanted = row.when
            if attribute and holder.get(attribute) != wanted:
                continue
            for function in _functions(row, holder):
                if not row.mixed or may_be_function(function):
                    yield Wiring(row, function, as_text(holder[row.role]) if holder.get(row.role) else None)


def _functions(row: Row, holder: Mapping[str, Any]) -> list[Text]:
    names = row.function.split(",")
    given = [as_text(holder[name]) for name in names if holder.get(name)]
    return given if given or len(names) > 1 else [Unknown(f"{row.function} is missing")]


def _holders(value: Any, path: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _holders(item, path)
    elif isinstance(value, Mapping):
        if path:
            yield from _holders(value.get(path[0]), path[1:])
        else:
            yield value
