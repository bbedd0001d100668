"""The role that the framework makes for all functions, and which role a function gets.

Source: https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless.service import Function, Service, items, table
from rolecall.iac.serverless.stack import ROLE, Stack, arn, function_arn, log_group_arn, statements_of
from rolecall.unknown import Unknown, text

VPC_POLICY = arn(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")


def role_of(service: Service, function: Function) -> Any:
    """What the function's ``Role`` is made of: an ARN, a logical ID, an intrinsic function; ``None``: the made role."""
    if function.unread:
        return Unknown(function.unread)
    own = function.settings.get("role")
    if own:
        return own
    given = table(service.provider.get("iam")).get("role")
    if isinstance(given, (str, Unknown)) or any("::" in key for key in table(given)):
        return given
    iam = service.provider.get("iam")
    return iam if isinstance(iam, Unknown) else service.provider.get("role")


def role_property(role: Any) -> Any:
    """The ``Role`` of the function."""
    if isinstance(role, str) and not role.startswith("arn:"):
        return {"Fn::GetAtt": [role, "Arn"]}
    return role if role else {"Fn::GetAtt": [ROLE, "Arn"]}


def add_shared_role(stack: Stack) -> None:
    """The role of all functions that have none of their own."""
    service = stack.service
    if "role" in service.provider or not any("role" not in function.settings for function in service.functions):
        return
    given = table(service.provider.get("iam")).get("role", {})
    if not isinstance(given, (dict, type(None))) or any("::" in key for key in table(given)):
        return
    settings = service.role_settings
    if settings.get("mode") == "perFunction":
        return
    stack.made_for[ROLE] = "provider.iam.role"
    stack.add(ROLE, "AWS::IAM::Role", role_described(service, settings.get("name") or role_name(service, ""), {}))
    _grant_logs(stack)
    role = stack.resources[ROLE]["Properties"]
    statements_of(role).extend(known_list(shared_statements(service)))
    managed = known_list(settings.get("managedPolicies") or service.provider.get("iamManagedPolicies"))
    if service.provider.get("vpc") or any("vpc" in function.settings for function in service.functions):
        managed = [*managed, VPC_POLICY]
    if managed:
        role["ManagedPolicyArns"] = managed
    durable = [
        function_arn(function.name, ":*/durable-execution/*/*")
        for function in service.functions
        if function.settings.get("durableConfig") and not role_of(service, function)
    ]
    stack.grant(None, "lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState", on=durable)


def role_described(service: Service, name: Any, own: Mapping[str, Any]) -> dict[str, Any]:
    """The role that ``provider.iam.role`` describes. own: the function's settings, which go before."""
    settings = service.role_settings
    tags = {**table(settings.get("tags")), **table(own.get("tags"))}
    boundary = settings.get("permissionsBoundary") or settings.get("permissionBoundary")
    return {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
            ],
        },
        "Policies": [
            {
                "PolicyName": {"Fn::Join": ["-", [service.name, service.stage, "lambda"]]},
                "PolicyDocument": {"Version": "2012-10-17", "Statement": []},
            }
        ],
        "Path": own.get("path") or settings.get("path") or "/",
        "RoleName": name,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()] or None,
        "PermissionsBoundary": boundary or service.provider.get("rolePermissionsBoundary"),
    }


def role_name(service: Service, function: str) -> dict[str, Any]:
    between = [function] if function else []
    return {"Fn::Join": ["-", [service.name, service.stage, *between, {"Ref": "AWS::Region"}, "lambdaRole"]]}


def known_list(value: Any) -> list[Any]:
    """A list; one that is not known is a list of one unknown item."""
    return [value] if isinstance(value, Unknown) else items(value)


def shared_statements(service: Service) -> Any:
    return service.role_settings.get("statements") or service.provider.get("iamRoleStatements")


def _grant_logs(stack: Stack) -> None:
    """Streams and events of the log groups: by the prefix of names, and by name for functions named otherwise."""
    service = stack.service
    streams: list[Any] = []
    events: list[Any] = []
    denied: list[Any] = []
    common = False
    for function in service.functions:
        silent = function.settings.get("disableLogs")
        if not function.settings.get("name") or str(function.name).startswith(str(service.prefix)):
            common = common or not silent
            denied += [log_group_arn(text("/aws/lambda/", function.name), ":*")] if silent else []
        elif not silent:
            streams.append(log_group_arn(text("/aws/lambda/", function.name), ":*"))
            events.append(log_group_arn(text("/aws/lambda/", function.name), ":*:*"))
    if common:
        streams.append(log_group_arn(text("/aws/lambda/", service.prefix), "*:*"))
        events.append(log_group_arn(text("/aws/lambda/", service.prefix), "*:*:*"))
    stack.grant(None, "logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource", on=streams)
    stack.grant(None, "logs:PutLogEvents", on=events)
    if common and denied:
        stack.grant(None, "logs:PutLogEvents", on=denied, effect="Deny")
