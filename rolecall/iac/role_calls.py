"""What services call functions with a role, the same in every framework: where the function and the role stand.

Terraform's providers and CloudFormation name the same API parameters, apart from case and underscores.
Source: each type's page in the CloudFormation template reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iac.state_machine import Task
from rolecall.iac.wiring import json_member, may_be_function
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, text


@dataclass(frozen=True)
class Call:
    """One call that a wiring makes.

    function: ARN of what is called, with the qualifier if it names one. role: ARN of the role to call with. through: of
    the role that assumes that one. part: of the wiring that calls, for a reader ("The action Check").
    """

    function: Text
    role: Text | None = None
    through: Text | None = None
    part: str = ""

    def of(self, wiring: str) -> str:
        """The part with the wiring that it is of, for a reader."""
        return f"{self.part} of {wiring[0].lower()}{wiring[1:]}" if self.part else wiring

    def invoker(self, kind: str, wiring: str, resource: Resource, source_arn: Text) -> Invoker:
        """The wiring as the model has it. kind: a row of ``rolecall.invocation``. wiring: for a reader."""
        return Invoker(
            kind=kind,
            resource=resource,
            what=self.of(wiring),
            function=self.function,
            source_arn=source_arn,
            role=self.role,
            through=self.through,
        )


@dataclass(frozen=True)
class Properties:
    """What a resource says. get: a property by CloudFormation's name, with everything in it resolved.

    arn: that of a function by its name, with or without a qualifier, in a region; ``None``: in the resource's own.
    tasks: what it calls if it is a state machine.
    """

    get: Callable[[str], Any]
    arn: Callable[[Text, Text | None], Text]
    tasks: Callable[[], list[Task]]


Calls = Callable[[Properties], Iterator[Call]]


def member(holder: Any, name: str) -> Any:
    """A member of an object by CloudFormation's name; what is not known where the object is not; else ``None``."""
    if isinstance(holder, Unknown):
        return holder
    wanted = name.lower()
    listed = holder.items() if isinstance(holder, Mapping) else ()
    return next((value for key, value in listed if str(key).replace("_", "").lower() == wanted), None)


def each(value: Any) -> list[Any]:
    """The items of a list, or the one item that stands for a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def as_given(value: Any) -> Text | None:
    """A text; ``None`` where there is none."""
    if value is None or value == "":
        return None
    return value if isinstance(value, (str, Unknown)) else Unknown("it has no single value")


def schedule(properties: Properties) -> Iterator[Call]:
    """The target of a schedule; a universal target names the function in its input.

    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """
    for target in each(properties.get("Target")):
        arn, role = as_given(member(target, "Arn")), as_given(member(target, "RoleArn"))
        if isinstance(arn, str) and ":aws-sdk:" in arn:
            if arn.endswith((":lambda:invoke", ":lambda:invokeAsync")):
                yield Call(_named(properties, target), role)
        elif arn is not None and may_be_function(arn):
            yield Call(arn, role)


def _named(properties: Properties, target: Any) -> Text:
    """The function that the input of a universal target names."""
    given = member(target, "Input")
    if isinstance(given, (str, Unknown)):
        name, qualifier = json_member(given, "FunctionName"), json_member(given, "Qualifier")
    else:
        name, qualifier = as_given(member(given, "FunctionName")) or "", as_given(member(given, "Qualifier")) or ""
    return properties.arn(_qualified(name, qualifier), None) if name else Unknown("the input names no function")


def pipe(properties: Properties) -> Iterator[Call]:
    role = as_given(properties.get("RoleArn"))
    for name, part in (("Target", ""), ("Enrichment", "The enrichment")):
        arn = as_given(properties.get(name))
        if arn is not None and may_be_function(arn):
            yield Call(arn, role, part=part)


def data_source(properties: Properties) -> Iterator[Call]:
    role = as_given(properties.get("ServiceRoleArn"))
    for config in each(properties.get("LambdaConfig")):
        arn = as_given(member(config, "LambdaFunctionArn")) or as_given(member(config, "FunctionArn"))
        if arn is not None:
            yield Call(arn, role)


# what CloudFormation and Terraform's provider call the destinations of a stream
_DESTINATIONS = (
    "ExtendedS3DestinationConfiguration", "ExtendedS3Configuration",
    "RedshiftDestinationConfiguration", "RedshiftConfiguration",
    "ElasticsearchDestinationConfiguration", "ElasticsearchConfiguration",
    "AmazonopensearchserviceDestinationConfiguration", "OpensearchConfiguration",
    "AmazonOpenSearchServerlessDestinationConfiguration", "OpensearchserverlessConfiguration",
    "SplunkDestinationConfiguration", "SplunkConfiguration",
    "HttpEndpointDestinationConfiguration", "HttpEndpointConfiguration",
    "SnowflakeDestinationConfiguration", "SnowflakeConfiguration",
    "IcebergDestinationConfiguration", "IcebergConfiguration",
)  # fmt: skip


def delivery_stream(properties: Properties) -> Iterator[Call]:
    """The processors of a stream's destination; one that is not switched on calls nothing."""
    for name in _DESTINATIONS:
        for destination in each(properties.get(name)):
            backup = next(iter(each(member(destination, "S3Configuration"))), None)
            role = as_given(member(destination, "RoleArn")) or as_given(member(backup, "RoleArn"))
            for processing in each(member(destination, "ProcessingConfiguration")):
                if str(member(processing, "Enabled")).lower() == "true":
                    yield from _processors(processing, role)


def _processors(processing: Any, role: Text | None) -> Iterator[Call]:
    for processor in each(member(processing, "Processors")):
        given = {
            str(member(parameter, "ParameterName")): as_given(member(parameter, "ParameterValue"))
            for parameter in each(member(processor, "Parameters"))
        }
        function = given.get("LambdaArn")
        if function is not None:
            yield Call(function, given.get("RoleArn") or role)


def pipeline(properties: Properties) -> Iterator[Call]:
    """The Invoke actions of a pipeline. A role of an action is assumed by the pipeline's.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html,
    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
    """
    own = as_given(properties.get("RoleArn"))
    for stage in each(properties.get("Stages") or properties.get("Stage")):
        for action in each(member(stage, "Actions") or member(stage, "Action")):
            kind = member(action, "ActionTypeId") or action
            if (member(kind, "Category"), member(kind, "Provider")) != ("Invoke", "Lambda"):
                continue
            configured = next(iter(each(member(action, "Configuration"))), None)
            name, role = as_given(member(configured, "FunctionName")), as_given(member(action, "RoleArn"))
            if name is not None:
                called = as_given(member(action, "Name"))
                part = f"The action {called}" if isinstance(called, str) else ""
                arn = properties.arn(name, as_given(member(action, "Region")))
                yield Call(arn, role or own, own if role else None, part)


def state_machine(properties: Properties) -> Iterator[Call]:
    """The tasks of a state machine, whose role assumes the one that a state names.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
    """
    own = as_given(properties.get("RoleArn"))
    for task in properties.tasks():
        part = f"The state {task.state}" if task.state else ""
        yield Call(task.function, task.role or own, own if task.role else None, part)


def _qualified(name: Text, qualifier: Text) -> Text:
    return text(name, ":", qualifier) if qualifier else name
