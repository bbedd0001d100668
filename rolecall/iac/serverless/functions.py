"""``functions`` as CloudFormation resources: the functions themselves, their aliases, URLs and destinations.

Source: https://www.serverless.com/framework/docs/providers/aws/guide/functions
"""

from __future__ import annotations

import re
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.roles import role_of, role_property
from rolecall.iac.serverless.service import Function, Service, table
from rolecall.iac.serverless.stack import Stack, function_arn
from rolecall.unknown import Unknown, text

_LATEST_4 = re.compile(r"(\^|>= ?)?4(\.[x*])*|(\^|>= ?)4(\.[0-9]{1,5}){1,2}")  # not held to a minor version
_VERSION = "LambdaVersion"  # the framework adds a hash of the code, which is not known


def add_functions(stack: Stack) -> None:
    for function in stack.service.functions:
        _add_log_group(stack, function)
        _add_function(stack, function)
        _add_version(stack, function)
        _add_url(stack, function)
        _add_invoke_config(stack, function)


def _add_log_group(stack: Stack, function: Function) -> None:
    settings = function.settings
    if settings.get("disableLogs"):
        return
    stack.add(
        f"{function.normal}LogGroup",
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": text("/aws/lambda/", function.name),
            "RetentionInDays": settings.get("logRetentionInDays") or stack.service.provider.get("logRetentionInDays"),
        },
        function,
        Condition=settings.get("condition"),
    )


def _add_function(stack: Stack, function: Function) -> None:
    service, settings, provider = stack.service, function.settings, stack.service.provider
    role = role_of(service, function)
    depends = [] if settings.get("disableLogs") else [f"{function.normal}LogGroup"]
    properties = {
        "Description": settings.get("description"),
        "Handler": settings.get("handler"),
        "PackageType": "Image" if settings.get("image") else None,
        "Runtime": None if settings.get("image") else settings.get("runtime") or provider.get("runtime"),
        "FunctionName": function.name,
        "MemorySize": settings.get("memorySize") or provider.get("memorySize") or 1024,
        "Timeout": settings.get("timeout") or provider.get("timeout") or 6,
        "Role": role_property(role),
        "VpcConfig": _vpc(service, function),
        "SnapStart": {"ApplyOn": "PublishedVersions"} if settings.get("snapStart") else None,
        "DeadLetterConfig": {"TargetArn": settings["onError"]} if settings.get("onError") else None,
        "KmsKeyArn": settings.get("kmsKeyArn") or provider.get("kmsKeyArn"),
        "TracingConfig": _tracing(stack, function),
        "Environment": _environment(service, function),
        "FileSystemConfigs": _file_systems(stack, function),
        "ReservedConcurrentExecutions": settings.get("reservedConcurrency"),
        "Layers": settings.get("layers") or provider.get("layers"),
        "LoggingConfig": _logging(service, function),
        "RecursiveLoop": settings.get("recursiveLoop"),
    }
    if isinstance(settings.get("onError"), str):
        stack.grant(function, "sns:Publish", on=[settings["onError"]])
    if isinstance(properties["KmsKeyArn"], str):
        stack.grant(function, "kms:Decrypt", on=[properties["KmsKeyArn"]])
    depends += [role] if isinstance(role, str) and not role.startswith("arn:") else []
    stack.add(
        function.logical, "AWS::Lambda::Function", properties, function,
        Condition=settings.get("condition"), DependsOn=depends,
    )  # fmt: skip


def _vpc(service: Service, function: Function) -> Any:
    own = function.settings.get("vpc", {})
    if own is None or own is False:
        return None
    if isinstance(own, Unknown):
        return own
    shared = service.provider.get("vpc")
    if isinstance(shared, Unknown):
        return shared
    groups = table(own).get("securityGroupIds") or table(shared).get("securityGroupIds")
    subnets = table(own).get("subnetIds") or table(shared).get("subnetIds")
    return {"SecurityGroupIds": groups, "SubnetIds": subnets} if groups and subnets else None


def _tracing(stack: Stack, function: Function) -> Any:
    shared = table(stack.service.provider.get("tracing")).get("lambda")
    mode = function.settings.get("tracing") or shared
    if not mode:
        return None
    stack.grant(function, "xray:PutTraceSegments", "xray:PutTelemetryRecords", on=["*"])
    return {"Mode": "Active" if isinstance(mode, bool) else mode}


def _environment(service: Service, function: Function) -> Any:
    own, shared = function.settings.get("environment"), service.provider.get("environment")
    unknown = next((given for given in (own, shared) if isinstance(given, Unknown)), None)
    return {"Variables": unknown or {**table(shared), **table(own)}} if own or shared else None


def _file_systems(stack: Stack, function: Function) -> Any:
    given = function.settings.get("fileSystemConfig")
    if not given:
        return None
    place = given if isinstance(given, Unknown) else table(given).get("arn")
    stack.grant(function, "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", on=[place])
    return [{"Arn": place, "LocalMountPath": table(given).get("localMountPath")}]


def _logging(service: Service, function: Function) -> Any:
    given = table(function.settings.get("logs") or table(service.provider.get("logs")).get("lambda"))
    shown = {
        names.upper_first(name): given[name]
        for name in ("applicationLogLevel", "logFormat", "logGroup", "systemLogLevel")
        if given.get(name)
    }
    return shown or None


def _add_version(stack: Stack, function: Function) -> None:
    settings = function.settings
    versions = settings.get("versionFunction")
    if versions is None:
        versions = stack.service.provider.get("versionFunctions")
    version = f"{function.normal}{_VERSION}"
    condition = settings.get("condition")
    if versions is not False or function.alias:
        properties = {"FunctionName": {"Ref": function.logical}}
        stack.add(version, "AWS::Lambda::Version", properties, function, Condition=condition)
    if function.alias:
        concurrency = settings.get("provisionedConcurrency")
        provisioned = {"ProvisionedConcurrentExecutions": concurrency} if concurrency else None
        stack.add(
            function.alias_logical,
            "AWS::Lambda::Alias",
            {
                "FunctionName": {"Ref": function.logical},
                "FunctionVersion": {"Fn::GetAtt": [version, "Version"]},
                "Name": function.alias,
                "ProvisionedConcurrencyConfig": provisioned,
            },
            function,
            Condition=condition,
        )


def _add_url(stack: Stack, function: Function) -> None:
    given = function.settings.get("url")
    if not given:
        return
    own = given.get("authorizer") if isinstance(given, dict) else given
    kind: Any = own if isinstance(own, Unknown) else "AWS_IAM" if own == "aws_iam" else "NONE"
    name = function.normal
    properties = {"AuthType": kind, "TargetFunctionArn": function.target, "InvokeMode": table(given).get("invokeMode")}
    condition = function.settings.get("condition")
    stack.making = "the url"
    stack.add(f"{name}LambdaFunctionUrl", "AWS::Lambda::Url", properties, function, Condition=condition)
    if kind != "AWS_IAM":
        stack.permit(
            f"{name}LambdaPermissionFnUrl", function, "*", action="InvokeFunctionUrl", FunctionUrlAuthType=kind
        )
        stack.permit(f"{name}LambdaPermissionFn", function, "*", InvokedViaFunctionUrl=_invokes_via_url(stack.service))
        for permission in (f"{name}LambdaPermissionFnUrl", f"{name}LambdaPermissionFn"):
            stack.resources[permission].update({"Condition": condition} if condition else {})
    stack.making = ""


def _invokes_via_url(service: Service) -> Any:
    """Whether open URLs get the second of their two permissions: the latest version 4 gives it, version 3.40 does not.

    Source: https://github.com/serverless/serverless/issues/13147, https://github.com/oss-serverless/osls/pull/102
    """
    if _LATEST_4.fullmatch(service.framework):
        return True
    return Unknown("versions of the framework before 2026 do not let a function URL invoke the function")


def _add_invoke_config(stack: Stack, function: Function) -> None:
    settings = function.settings
    given = settings.get("destinations")
    age, attempts = settings.get("maximumEventAge"), settings.get("maximumRetryAttempts")
    if not given and not age and attempts is None:
        return
    ends = {
        end: {"Destination": _destination(stack, function, table(given)[name])}
        for end, name in (("OnSuccess", "onSuccess"), ("OnFailure", "onFailure"))
        if table(given).get(name)
    }
    stack.add(
        f"{function.normal}LambdaEvConf",
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": function.logical},
            "DestinationConfig": given if isinstance(given, Unknown) else ends,
            "Qualifier": function.alias or "$LATEST",
            "MaximumEventAgeInSeconds": age,
            "MaximumRetryAttempts": attempts,
        },
        function,
        Condition=settings.get("condition"),
    )


_DELIVERS = {
    "function": "lambda:InvokeFunction",
    "lambda": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "eventBus": "events:PutEvents",
    "events": "events:PutEvents",
}


def _destination(stack: Stack, function: Function, given: Any) -> Any:
    """The ARN that results go to: one that is given, or that of a function of this service."""
    kind = table(given).get("type")
    target = granted = given.get("arn") if isinstance(given, dict) else given
    other = stack.service.by_key.get(given) if isinstance(given, str) else None
    if other is not None:
        ending = f":{other.alias}" if other.alias else ""
        target, kind = other.target, "function"
        granted = function_arn(other.name, ending)
    elif isinstance(target, str) and kind is None:
        kind = target.split(":")[2] if target.count(":") > 2 else None
    if not role_of(stack.service, function) and isinstance(kind, str) and kind in _DELIVERS:
        stack.grant(function, _DELIVERS[kind], on=granted)
    return target
