"""The roles that functions get for themselves, in place of the shared one.

Sources: https://www.serverless.com/framework/docs/providers/aws/guide/iam,
https://github.com/functionalone/serverless-iam-roles-per-function (the same before version 4 had it built in)
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iac.serverless.events.sources import READS
from rolecall.iac.serverless.roles import (
    VPC_POLICY,
    known_list,
    role_described,
    role_name,
    role_of,
    shared_statements,
)
from rolecall.iac.serverless.service import Function, Service, setting, stream_kind, table
from rolecall.iac.serverless.stack import ROLE, Stack, admit, log_group_arn, statements_of
from rolecall.unknown import Unknown, text

PER_FUNCTION = "serverless-iam-roles-per-function"
_LONGEST_NAME = 64


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
        managed=[*(known_list(service.role_settings.get("managedPolicies")) if every else []),
                 *known_list(own.get("managedPolicies"))],
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
    logical = f"{function.normal}{ROLE}"
    role = role_described(service, wish.name or _own_name(service, function), wish.own)
    shared = stack.resources.get(ROLE)
    if shared is not None:  # with the trust that events of any function added to it
        role["AssumeRolePolicyDocument"] = copy.deepcopy(shared["Properties"]["AssumeRolePolicyDocument"])
    for principal in stack.trusted.get(function.key, []):
        admit(role, principal)
    settings, custom = function.settings, table(service.custom.get(PER_FUNCTION))
    boundary = settings.get("iamPermissionsBoundary") or custom.get("iamGlobalPermissionsBoundary")
    role["PermissionsBoundary"] = wish.own.get("permissionsBoundary") or boundary or role["PermissionsBoundary"]
    in_vpc = settings.get("vpc") or service.provider.get("vpc")
    role["ManagedPolicyArns"] = [*wish.managed, *([VPC_POLICY] if in_vpc else [])] or None
    logs = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
        "Resource": [log_group_arn(text("/aws/lambda/", function.name), ":*:*")],
    }
    inherited = known_list(shared_statements(service)) if wish.inherits else []
    statements_of(role).extend([logs, *wish.granted, *inherited, *known_list(wish.statements)])
    stack.add(logical, "AWS::IAM::Role", role, function)
    stack.made_for[logical] = f"the role of {function.key}"
    stack.resources[function.logical]["Properties"]["Role"]["Fn::GetAtt"][0] = logical  # schedules hold the same


def _own_name(service: Service, function: Function) -> Any:
    """The shared role's name with the function's key in it; it must not be longer than names of roles may be."""
    region = service.provider.get("region") or "us-east-1"
    if not all(isinstance(part, str) for part in (service.name, service.stage, region)):
        return Unknown("how the role's name is shortened depends on what is not known")
    full = role_name(service, function.key)
    parts: list[Any] = full["Fn::Join"][1]
    longest = len("-".join([str(service.name), str(service.stage), function.key, str(region), "lambdaRole"]))
    return {"Fn::Join": ["-", parts[:-1]]} if longest > _LONGEST_NAME else full


def _source_statements(function: Function) -> list[Any]:
    """To read the queues and streams that the function gets events of, and to publish to its dead-letter topic."""
    found: dict[str, list[Any]] = {}
    for kind in ("stream", "sqs"):
        for event in function.events(kind):
            source = setting(event, "arn")
            found.setdefault(kind if kind == "sqs" else stream_kind(event), []).append(source)
    statements = [
        {"Effect": "Allow", "Action": list(READS[kind]), "Resource": sources}
        for kind, sources in found.items()
        if kind in READS
    ]
    topic = function.settings.get("onError")
    return [*statements, {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": topic}] if topic else statements
