"""The roles that the framework makes for functions, and which role a function gets.

Sources: https://www.serverless.com/framework/docs/providers/aws/guide/iam,
https://github.com/functionalone/serverless-iam-roles-per-function (the same before version 4 had it built in)
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, Service, items, table
from rolecall.iac.serverless.stack import ROLE, Stack, admit, arn, function_arn, log_group_arn, statements_of
from rolecall.unknown import Unknown, text

PER_FUNCTION = "serverless-iam-roles-per-function"
_VPC_POLICY = arn(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")
_LONGEST_NAME = 64


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
    stack.add(ROLE, "AWS::IAM::Role", _role(service, settings.get("name") or _role_name(service, ""), {}))
    _grant_logs(stack)
    role = stack.resources[ROLE]["Properties"]
    statements_of(role).extend(_known_list(_shared_statements(service)))
    managed = _known_list(settings.get("managedPolicies") or service.provider.get("iamManagedPolicies"))
    if service.provider.get("vpc") or any("vpc" in function.settings for function in service.functions):
        managed = [*managed, _VPC_POLICY]
    if managed:
        role["ManagedPolicyArns"] = managed
    durable = [
        function_arn(function.name, ":*/durable-execution/*/*")
        for function in service.functions
        if function.settings.get("durableConfig") and not role_of(service, function)
    ]
    stack.grant(None, "lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState", on=durable)


def _role(service: Service, name: Any, own: Mapping[str, Any]) -> dict[str, Any]:
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


def _role_name(service: Service, function: str) -> dict[str, Any]:
    between = [function] if function else []
    return {"Fn::Join": ["-", [service.name, service.stage, *between, {"Ref": "AWS::Region"}, "lambdaRole"]]}


def _known_list(value: Any) -> list[Any]:
    """A list; one that is not known is a list of one unknown item."""
    return [value] if isinstance(value, Unknown) else items(value)


def _shared_statements(service: Service) -> Any:
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


@dataclass(frozen=True)
class _Wish:
    """The role that a function asks for. statements: its own; granted: those that its events and settings need.

    inherits: whether it takes in the shared statements. own: its settings, which go before those of the provider.
    """

    statements: Any
    granted: list[Any]
    inherits: bool
    name: Any
    managed: list[Any]
    own: Mapping[str, Any]


def add_own_roles(stack: Stack) -> None:
    """A role for each function that asks for one, in place of the shared one."""
    for function in stack.service.functions:
        if function.settings.get("role") or role_of(stack.service, function):
            continue
        wish = _built_in(stack, function) or _by_plugin(stack, function)
        if wish is not None:
            _add_own_role(stack, function, wish)
        elif "iamRoleStatements" in function.settings and _version(stack.service) is None:
            why = Unknown("only version 4 of the framework makes a role of iamRoleStatements without a plug-in")
            stack.resources[function.logical]["Properties"]["Role"] = why


def _version(service: Service) -> str | None:
    """The framework's major version, where the configuration says it."""
    found = re.search(r"\d", service.framework)
    return found[0] if found else None


def _built_in(stack: Stack, function: Function) -> _Wish | None:
    """What version 4 makes: for every function in the mode ``perFunction``, else for those with settings of a role."""
    service, settings = stack.service, function.settings
    own = table(table(settings.get("iam")).get("role"))
    every = service.role_settings.get("mode") == "perFunction"
    legacy = "iamRoleStatements" in settings and _version(service) == "4"
    if PER_FUNCTION in service.plugins or not (every or legacy or "statements" in own or own.get("managedPolicies")):
        return None
    inherits = table(settings.get("iam")).get("inheritStatements")
    if inherits is None:
        inherits = settings.get("iamRoleStatementsInherit")
    if inherits is None:
        inherits = table(service.custom.get(PER_FUNCTION)).get("defaultInherit", every)
    return _Wish(
        statements=own.get("statements", settings.get("iamRoleStatements")),
        granted=stack.granted.get(function.key, []),
        inherits=bool(inherits),
        name=own.get("name") or settings.get("iamRoleStatementsName"),
        managed=[*(_known_list(service.role_settings.get("managedPolicies")) if every else []),
                 *_known_list(own.get("managedPolicies"))],
        own=own,
    )  # fmt: skip


def _by_plugin(stack: Stack, function: Function) -> _Wish | None:
    """What serverless-iam-roles-per-function makes, which knows of queues, streams and dead letters only."""
    service, settings = stack.service, function.settings
    if PER_FUNCTION not in service.plugins or "iamRoleStatements" not in settings:
        return None
    default = table(service.custom.get(PER_FUNCTION)).get("defaultInherit")
    return _Wish(
        statements=settings["iamRoleStatements"],
        granted=_source_statements(function),
        inherits=bool(settings.get("iamRoleStatementsInherit", default)),
        name=settings.get("iamRoleStatementsName"),
        managed=[],
        own={},
    )


def _add_own_role(stack: Stack, function: Function, wish: _Wish) -> None:
    service = stack.service
    logical = f"{names.normal(function.key)}{ROLE}"
    role = _role(service, wish.name or _own_name(service, function), wish.own)
    shared = stack.resources.get(ROLE)
    if shared is not None:  # with the trust that events of any function added to it
        role["AssumeRolePolicyDocument"] = copy.deepcopy(shared["Properties"]["AssumeRolePolicyDocument"])
    for principal in stack.trusted.get(function.key, []):
        admit(role, principal)
    settings, custom = function.settings, table(service.custom.get(PER_FUNCTION))
    boundary = settings.get("iamPermissionsBoundary") or custom.get("iamGlobalPermissionsBoundary")
    role["PermissionsBoundary"] = wish.own.get("permissionsBoundary") or boundary or role["PermissionsBoundary"]
    in_vpc = settings.get("vpc") or service.provider.get("vpc")
    role["ManagedPolicyArns"] = [*wish.managed, *([_VPC_POLICY] if in_vpc else [])] or None
    logs = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
        "Resource": [log_group_arn(text("/aws/lambda/", function.name), ":*:*")],
    }
    inherited = _known_list(_shared_statements(service)) if wish.inherits else []
    statements_of(role).extend([logs, *wish.granted, *inherited, *_known_list(wish.statements)])
    stack.add(logical, "AWS::IAM::Role", role, function)
    stack.resources[function.logical]["Properties"]["Role"]["Fn::GetAtt"][0] = logical  # schedules hold the same


def _own_name(service: Service, function: Function) -> Any:
    """The shared role's name with the function's key in it; it must not be longer than names of roles may be."""
    region = service.provider.get("region") or "us-east-1"
    if not all(isinstance(part, str) for part in (service.name, service.stage, region)):
        return Unknown("how the role's name is shortened depends on what is not known")
    full = _role_name(service, function.key)
    parts: list[Any] = full["Fn::Join"][1]
    longest = len("-".join([str(service.name), str(service.stage), function.key, str(region), "lambdaRole"]))
    return {"Fn::Join": ["-", parts[:-1]]} if longest > _LONGEST_NAME else full


_READS = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "dynamodb": (
        "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"
    ),
    "kinesis": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"),
}  # fmt: skip


def _source_statements(function: Function) -> list[Any]:
    """To read the queues and streams that the function gets events of, and to publish to its dead-letter topic."""
    found: dict[str, list[Any]] = {}
    for kind in ("stream", "sqs"):
        for event in function.events(kind):
            source = table(event).get("arn") if isinstance(event, dict) else event
            found.setdefault(kind if kind == "sqs" else stream_kind(event), []).append(source)
    statements = [
        {"Effect": "Allow", "Action": list(_READS[kind]), "Resource": sources}
        for kind, sources in found.items()
        if kind in _READS
    ]
    topic = function.settings.get("onError")
    return [*statements, {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": topic}] if topic else statements


def stream_kind(event: Any) -> str:
    """``dynamodb`` or ``kinesis``."""
    kind = table(event).get("type")
    if isinstance(kind, str):
        return kind
    source = table(event).get("arn") if isinstance(event, dict) else event
    parts = source.split(":") if isinstance(source, str) else []
    return parts[2] if len(parts) > 2 else ""
