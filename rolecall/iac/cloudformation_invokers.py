"""What is wired to call functions in a CloudFormation template: one row for each resource type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from rolecall.iac.cloudformation_arns import log_group_arn
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import as_text
from rolecall.iac.template import Declared
from rolecall.iac.wiring import may_be_function, source_name
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown

Source = Callable[[TemplateValues, Declared], Text]


def _property(name: str) -> Source:
    return lambda values, declared: values.get(declared, name) or Unknown(f"{name} is missing")


def _attribute(name: str) -> Source:
    """What ``!GetAtt`` gives; ``!Ref`` where the name is empty."""
    return lambda values, declared: values.attribute_of(declared.logical, name)


def _log_group(values: TemplateValues, declared: Declared) -> Text:
    return log_group_arn(values, _property("LogGroupName")(values, declared))


@dataclass(frozen=True)
class Row:
    """kind: the row of ``rolecall.invocation``. what: the source for a reader, before its name.

    path: the properties down to what holds the wiring; a list on the way stands for each of its items.
    function, role: the properties there that name the function and the role to call with; a comma stands between
    several, each for a function of its own. source: gives the ARN of what fires. when: a property that must have a
    value. mixed: whether other things than functions can be called.
    """

    kind: str
    type: str
    what: str
    path: tuple[str, ...]
    function: str
    source: Source
    when: tuple[str, str] = ("", "")
    role: str = ""
    mixed: bool = False


ROWS = (
    Row("sns_subscription", "AWS::SNS::Subscription", "The SNS topic", (), "Endpoint", _property("TopicArn"),
        when=("Protocol", "lambda")),
    Row("sns_subscription", "AWS::SNS::Topic", "The SNS topic", ("Subscription",), "Endpoint", _attribute(""),
        when=("Protocol", "lambda")),
    Row("s3_notification", "AWS::S3::Bucket", "The bucket", ("NotificationConfiguration", "LambdaConfigurations"),
        "Function", _attribute("Arn")),
    Row("eventbridge_rule", "AWS::Events::Rule", "The EventBridge rule", ("Targets",), "Arn", _attribute("Arn"),
        role="RoleArn", mixed=True),
    Row("logs_subscription", "AWS::Logs::SubscriptionFilter", "The log group", (), "DestinationArn", _log_group,
        mixed=True),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "Actions", "Lambda"), "FunctionArn",
        _attribute("Arn")),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "ErrorAction", "Lambda"),
        "FunctionArn", _attribute("Arn")),
    Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig",),
        "CreateAuthChallenge,CustomMessage,DefineAuthChallenge,PostAuthentication,PostConfirmation,PreAuthentication,"
        "PreSignUp,PreTokenGeneration,UserMigration,VerifyAuthChallengeResponse", _attribute("Arn")),
    *(
        Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig", name), "LambdaArn",
            _attribute("Arn"))
        for name in ("PreTokenGenerationConfig", "CustomEmailSender", "CustomSMSSender", "InboundFederation")
    ),
    Row("load_balancer", "AWS::ElasticLoadBalancingV2::TargetGroup", "The target group", ("Targets",), "Id",
        _attribute(""), mixed=True),
)  # fmt: skip


def invokers(values: TemplateValues, resource_of: Callable[[Declared], Resource]) -> Iterator[Invoker]:
    """The invokers of one template. resource_of: makes the model's resource of a declared one."""
    for row in ROWS:
        for declared in values.made(row.type):
            for holder in _holders(
                values.value(declared, row.path[0]) if row.path else values.properties(declared), row
            ):
                for function in _functions(row, holder):
                    if row.mixed and not may_be_function(function):
                        continue
                    source = row.source(values, declared)
                    role = holder.get(row.role) if isinstance(holder, Mapping) else None
                    yield Invoker(
                        kind=row.kind,
                        resource=resource_of(declared),
                        what=f"{row.what} {source_name(source, declared.logical)}",
                        function=function,
                        source_arn=source,
                        role=as_text(role) if role else None,
                    )


Holder = Union[Mapping[str, Any], Unknown]


def _functions(row: Row, holder: Holder) -> list[Text]:
    if isinstance(holder, Unknown):
        return [holder]
    names = row.function.split(",")
    given = [as_text(holder[name]) for name in names if holder.get(name)]
    return given if given or len(names) > 1 else [Unknown(f"{row.function} is missing")]


def _holders(value: Any, row: Row) -> Iterator[Holder]:
    """What is found at the row's path, below its first step; what is not known may hold a wiring."""
    attribute, wanted = row.when
    for holder in _at(value, row.path[1:]):
        if not attribute or (isinstance(holder, Mapping) and holder.get(attribute) == wanted):
            yield holder


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Holder]:
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif isinstance(value, Unknown):
        yield value
    elif isinstance(value, Mapping):
        if path:
            yield from _at(value.get(path[0]), path[1:])
        else:
            yield value
