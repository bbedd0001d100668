"""``AWS::Serverless::Function``: the function, its role, its alias, its URL and what its results go to.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.destinations import event_invoke_config
from rolecall.iac.sam.events import add_events
from rolecall.iac.sam.policies import ExecutionRole, allow, managed_arn
from rolecall.iac.sam.stack import Stack, Target, trust
from rolecall.iac.sam.values import arn_of, choice, is_intrinsic, is_no_value, mapping, picked, ref
from rolecall.iac.template import Declared
from rolecall.unknown import Unknown

_KEPT = (
    "FunctionName", "Runtime", "Handler", "PackageType", "VpcConfig", "SnapStart", "LoggingConfig", "FileSystemConfigs",
    "Layers", "KmsKeyArn", "Timeout", "MemorySize", "ReservedConcurrentExecutions", "CodeSigningConfigArn",
    "Architectures", "RuntimeManagementConfig", "RecursiveLoop", "TenancyConfig", "DurableConfig",
)  # fmt: skip
_SENDS = {"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}


def function(stack: Stack, source: Declared) -> None:
    """Make the resources of one function."""
    given = stack.properties(source)
    role = _execution_role(stack, source, given)
    target = _published(stack, source, given)
    _url(stack, target, given)
    event_invoke_config(stack, target, given.get("EventInvokeConfig"), role, _alias(stack, given))
    add_events(stack, target, given.get("Events"), role)
    stack.add(
        source.logical,
        "AWS::Lambda::Function",
        {
            **picked(given, *_KEPT),
            "Role": _role(stack, source, given, role),
            "TracingConfig": {"Mode": given["Tracing"]} if _traced(stack, given) else None,
            "DeadLetterConfig": _dead_letters(given.get("DeadLetterQueue")),
        },
        source,
    )


def _execution_role(stack: Stack, source: Declared, given: Mapping[str, Any]) -> ExecutionRole:
    role, durable = ExecutionRole(), given.get("DurableConfig")
    basic = "AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole"
    role.attach(managed_arn(f"service-role/{basic}"))
    if _traced(stack, given):
        role.attach(managed_arn("AWSXrayWriteOnlyAccess"))
    if given.get("VpcConfig"):
        role.attach(managed_arn("service-role/AWSLambdaVPCAccessExecutionRole"))
    queue = mapping(given.get("DeadLetterQueue"))
    kind = queue.get("Type")
    if isinstance(kind, str) and kind in _SENDS:
        role.allow("DeadLetterQueuePolicy", allow(_SENDS[kind], queue.get("TargetArn")), version=True)
    elif given.get("DeadLetterQueue"):
        role.doubt("DeadLetterQueue has a type that SAM does not know")
    return role


def _dead_letters(queue: Any) -> Any:
    if queue is None or is_no_value(queue):
        return None
    return picked(mapping(queue), "TargetArn") or Unknown("DeadLetterQueue is not known")


def _traced(stack: Stack, given: Mapping[str, Any]) -> bool:
    return bool(given.get("Tracing")) and stack.literal(given["Tracing"], "Tracing") != "Disabled"


def _role(stack: Stack, source: Declared, given: Mapping[str, Any], role: ExecutionRole) -> Any:
    """What the function's property ``Role`` becomes; makes the role unless another is certainly used."""
    written, logical = given.get("Role"), f"{source.logical}Role"
    made, condition = arn_of(logical), source.condition
    chosen = choice(written)
    if written is not None:
        if chosen is None or not any(map(is_no_value, chosen[1:])):
            return written
        name, first, second = chosen
        if is_no_value(first) and is_no_value(second):
            written = made
        elif is_no_value(first):
            written, condition = {"Fn::If": [name, made, second]}, name
        else:
            written, condition = {"Fn::If": [name, first, made]}, stack.unless(name)
    role.add(given.get("Policies"), logical)
    trusted = given.get("AssumeRolePolicyDocument")
    others = picked({**given, "Path": given.get("RolePath")}, "Path", "PermissionsBoundary", "Tags")
    stack.add(
        logical,
        "AWS::IAM::Role",
        role.properties(trust("lambda.amazonaws.com") if trusted is None else trusted, **others),
        source,
        condition,
        part="generated role",
    )
    return made if written is None else written


def _alias(stack: Stack, given: Mapping[str, Any]) -> Any:
    """The name of the alias that is published; ``None`` without one."""
    wanted = given.get("AutoPublishAlias")
    if not wanted:
        return None
    name = stack.literal(wanted, "AutoPublishAlias")
    return name if isinstance(name, (str, Unknown)) and name != "" else Unknown("AutoPublishAlias is not a text")


def _published(stack: Stack, source: Declared, given: Mapping[str, Any]) -> Target:
    """What callers call: the alias if one is published.

    SAM puts a hash of the code into the version's logical ID, which is known only when the code is uploaded; here it
    is ``<function>Version`` and as many zeros as keep it apart from other resources.
    """
    alias = _alias(stack, given)
    if alias is None:
        return Target(source, ref(source.logical), arn_of(source.logical))
    version = f"{source.logical}Version"
    while version in stack.resources:
        version += "0"
    stack.add(version, "AWS::Lambda::Version", {"FunctionName": ref(source.logical)}, source)
    stack.renamed[f"{source.logical}.Version"] = version
    if isinstance(alias, Unknown):
        arn = {"Fn::Join": [":", [arn_of(source.logical), alias]]}
        return Target(source, arn, arn)
    logical = f"{source.logical}Alias{re.sub('[^A-Za-z0-9DU]', '', alias.replace('-', 'D').replace('_', 'U'))}"
    number = {"Fn::GetAtt": [version, "Version"]}
    named = {"Name": alias, "FunctionName": ref(source.logical), "FunctionVersion": number}
    stack.add(logical, "AWS::Lambda::Alias", named, source)
    stack.renamed[f"{source.logical}.Alias"] = logical
    return Target(source, ref(logical), ref(logical))


def _url(stack: Stack, target: Target, given: Mapping[str, Any]) -> None:
    """The function's URL, and for one that is open to all the two statements that open it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    config, logical = given.get("FunctionUrlConfig"), target.source.logical
    if not config:
        return
    if not isinstance(config, Mapping) or is_intrinsic(config):
        config = {"AuthType": Unknown("FunctionUrlConfig is not an object")}
    known = picked(config, "AuthType", "InvokeMode", "Cors")
    made = {**known, "TargetFunctionArn": target.name}
    stack.add(f"{logical}Url", "AWS::Lambda::Url", made, target.source, part="FunctionUrlConfig")
    if config.get("AuthType") != "NONE":
        return
    everybody = {"FunctionName": target.name, "Principal": "*"}
    for suffix, rest in (
        ("UrlPublicPermissions", {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}),
        ("URLInvokeAllowPublicAccess", {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}),
    ):
        made, part = {**everybody, **rest}, "FunctionUrlConfig"
        stack.add(f"{logical}{suffix}", "AWS::Lambda::Permission", made, target.source, part=part)
