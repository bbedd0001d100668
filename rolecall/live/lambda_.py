"""AWS Lambda: functions, their policies, and what else Lambda keeps of each.

Source: https://docs.aws.amazon.com/lambda/latest/api/ (ListFunctions: 50 a page; GetPolicy: 15 calls a second).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rolecall.arn import parse_arn
from rolecall.live.calls import CallFailed, Problem, Unread
from rolecall.live.event_source_mappings import Mappings
from rolecall.live.place import Place
from rolecall.model import Destination, FileSystem, Function, Permission, Resource, RoleReference
from rolecall.unknown import Unknown

_NO_POLICY = Unread("lambda:GetPolicy returned something that is not a policy")
_NO_ARN = "lambda:ListFunctions did not tell the ARN of a function"
_NOT_MOUNTED = Unknown("the file system was not read")

Wanted = Callable[[str], bool]
Configuration = Mapping[str, Any]


def list_functions(place: Place, wanted: Wanted | None = None) -> tuple[list[Configuration], Problem | None]:
    """The configurations of a region's functions; with a problem when the listing was not read to its end."""
    found: list[Configuration] = []
    problem = None
    try:
        for page in place.pages("lambda", "list_functions"):
            for function in page.get("Functions", ()):
                arn = function.get("FunctionArn")
                if not arn:
                    problem = Problem("lambda:ListFunctions", place.region, "", _NO_ARN)
                elif wanted is None or wanted(arn):
                    found.append({"FunctionName": arn.rpartition(":")[2], **function})
    except CallFailed as failure:
        return found, failure.problem
    return found, problem


def get_policy(place: Place, resource: Resource, qualifier: str = "") -> tuple[Permission, ...] | Unknown:
    """The statements of the policy of a function, or of its alias or version.

    ResourceNotFoundException is AWS's answer both for a function without a policy and for a function that was deleted
    meanwhile: no statements.
    """
    of = {"Qualifier": qualifier} if qualifier else {}
    try:
        response = place.call("lambda", "get_policy", FunctionName=str(resource.name), **of)
    except CallFailed as failure:
        return () if failure.gone else failure.unread
    return permissions_of(resource, qualifier, response.get("Policy"))


def now(place: Place, name: str) -> Configuration | Unread | None:
    """The configuration of a function, or of a version of it, at this moment; ``None`` when it was deleted since it was
    listed. name: its name or ARN.
    """
    try:
        return place.call("lambda", "get_function_configuration", FunctionName=name)
    except CallFailed as failure:
        return None if failure.gone else failure.unread


def function_of(
    configuration: Configuration, place: Place, role: RoleReference, mappings: Mappings, at_edge: bool | Unknown
) -> Function:
    """A function as ListFunctions describes it, with its role and its region's event source mappings.

    at_edge: whether CloudFront runs it.
    """
    arn, name = configuration["FunctionArn"], configuration["FunctionName"]
    parsed = parse_arn(arn)
    dead_letters = (configuration.get("DeadLetterConfig") or {}).get("TargetArn")
    environment = configuration.get("Environment") or {}  # an error where the caller may not decrypt the variables
    return Function(
        resource=Resource(
            framework="live",
            type="AWS::Lambda::Function",
            address=arn,
            name=name,
            arn=arn,
            account=parsed.account if parsed else Unknown(f"{arn} is not an ARN"),
            region=place.region,
            key=arn,
        ),
        partition=place.partition,
        role=role,
        in_vpc=bool((configuration.get("VpcConfig") or {}).get("VpcId")),
        snap_start=(configuration.get("SnapStart") or {}).get("ApplyOn", "None") != "None",
        event_source_mappings=mappings if isinstance(mappings, Unknown) else mappings.get(arn, ()),
        edge_association=at_edge,
        tracing=(configuration.get("TracingConfig") or {}).get("Mode") == "Active",
        log_group=(configuration.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
        destinations=(Destination("dead-letter target", dead_letters),) if dead_letters else (),
        file_systems=tuple(
            FileSystem(str(system.get("Arn")), _NOT_MOUNTED, _NOT_MOUNTED)
            for system in configuration.get("FileSystemConfigs") or ()
        ),
        changed=_moment(configuration.get("LastModified")),
        revision=configuration.get("RevisionId") or "",
        environment=bool(environment.get("Variables") or environment.get("Error")),
        key=configuration.get("KMSKeyArn"),
    )


def _moment(written: str | None) -> datetime | None:
    """``2026-11-21T19:05:00.123+0000``; ``None`` where it is missing or written in another way."""
    try:
        return datetime.strptime(written or "", "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None


def permissions_of(resource: Resource, qualifier: str, policy: object) -> tuple[Permission, ...] | Unknown:
    """The statements of a policy that is given as text. qualifier: alias or version of the function that it is of."""
    try:
        statements = json.loads(policy if isinstance(policy, str) else "")["Statement"]
    except (ValueError, TypeError, KeyError):
        return _NO_POLICY
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(isinstance(statement, dict) for statement in statements):
        return _NO_POLICY
    return tuple(
        Permission(resource, resource.key, resource.name, qualifier, statement, index=index)
        for index, statement in enumerate(statements)
    )
