"""AWS Lambda: functions, event source mappings and function policies.

Source: https://docs.aws.amazon.com/lambda/latest/api/ (ListFunctions: 50 a page; GetPolicy: 15 calls a second).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rolecall.arn import parse_arn
from rolecall.live.calls import Aws, CallFailed, Problem, Unread
from rolecall.model import Destination, EventSourceMapping, Function, Permission, Resource, RoleReference
from rolecall.unknown import Unknown

_EDGE_REGION = "us-east-1"
_NO_POLICY = Unread("lambda:GetPolicy returned something that is not a policy")

Mappings = Mapping[str, tuple[EventSourceMapping, ...]] | Unknown
Wanted = Callable[[str], bool]


def list_functions(aws: Aws, region: str, wanted: Wanted | None = None) -> tuple[list[dict[str, Any]], Problem | None]:
    """The configurations of a region's functions; with a problem when the listing was not read to its end."""
    found: list[dict[str, Any]] = []
    try:
        for page in aws.pages("lambda", region, "list_functions"):
            found += (f for f in page.get("Functions", ()) if wanted is None or wanted(f["FunctionArn"]))
    except CallFailed as failure:
        return found, failure.problem
    return found, None


def list_event_source_mappings(aws: Aws, region: str) -> Mappings:
    """The mappings of each function of a region that has any, by unqualified function ARN."""
    found: dict[str, tuple[EventSourceMapping, ...]] = {}
    try:
        for page in aws.pages("lambda", region, "list_event_source_mappings"):
            for mapping in page.get("EventSourceMappings", ()):
                function = _unqualified(mapping.get("FunctionArn", ""))
                found[function] = (*found.get(function, ()), _mapping(function, mapping, region))
    except CallFailed as failure:
        return failure.unread
    return found


def _mapping(function: str, listed: Mapping[str, Any], region: str) -> EventSourceMapping:
    """A mapping as ListEventSourceMappings describes it. function: its unqualified ARN."""
    uuid, source = str(listed.get("UUID", "")), listed.get("EventSourceArn")
    parsed, of = parse_arn(source or ""), parse_arn(function)
    failure = ((listed.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    access = listed.get("SourceAccessConfigurations") or ()
    return EventSourceMapping(
        resource=Resource(
            framework="live",
            type="AWS::Lambda::EventSourceMapping",
            address=uuid,
            name=uuid,
            arn=str(listed.get("EventSourceMappingArn", uuid)),
            account=of.account if of else Unknown(f"{function} is not an ARN"),
            region=region,
            key=uuid,
        ),
        function=function,
        service=parsed.service if parsed else "self-managed-kafka",
        source=source,
        on_failure=Destination("on-failure destination", failure) if failure else None,
        secrets=tuple(given["URI"] for given in access if ":secretsmanager:" in given.get("URI", "")),
    )


def get_policy(aws: Aws, function: Function) -> tuple[Permission, ...] | Unknown:
    """The statements of the unqualified function's policy.

    ResourceNotFoundException is AWS's answer both for a function without a policy and for a function that was deleted
    meanwhile: no statements.
    """
    try:
        response = aws.call(
            "lambda", str(function.resource.region), "get_policy", FunctionName=str(function.resource.name)
        )
    except CallFailed as failure:
        return () if failure.code == "ResourceNotFoundException" else failure.unread
    return _permissions(function, response.get("Policy"))


def function_of(
    configuration: Mapping[str, Any], region: str, partition: str, role: RoleReference, mappings: Mappings
) -> Function:
    """A function as ListFunctions describes it, with its role and its region's event source mappings."""
    arn = configuration["FunctionArn"]
    parsed = parse_arn(arn)
    return Function(
        resource=Resource(
            framework="live",
            type="AWS::Lambda::Function",
            address=arn,
            name=configuration["FunctionName"],
            arn=arn,
            account=parsed.account if parsed else Unknown(f"{arn} is not an ARN"),
            region=region,
            key=arn,
        ),
        partition=partition,
        role=role,
        in_vpc=bool((configuration.get("VpcConfig") or {}).get("VpcId")),
        snap_start=(configuration.get("SnapStart") or {}).get("ApplyOn", "None") != "None",
        event_source_mappings=mappings if isinstance(mappings, Unknown) else mappings.get(arn, ()),
        edge_association=_edge_association(configuration, region),
    )


def _edge_association(configuration: Mapping[str, Any], region: str) -> bool | Unknown:
    """Whether CloudFront runs the function: it takes functions of one region only, and copies name their original.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
    """
    if configuration.get("MasterArn"):
        return True
    return Unknown("CloudFront associations are not read") if region == _EDGE_REGION else False


def _permissions(function: Function, policy: object) -> tuple[Permission, ...] | Unknown:
    try:
        statements = json.loads(policy if isinstance(policy, str) else "")["Statement"]
    except (ValueError, TypeError, KeyError):
        return _NO_POLICY
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(isinstance(statement, dict) for statement in statements):
        return _NO_POLICY
    resource = function.resource
    return tuple(Permission(resource, resource.key, resource.name, "", statement) for statement in statements)


def _unqualified(function_arn: str) -> str:
    """``arn:aws:lambda:R:A:function:NAME`` of an ARN that may end in an alias or a version."""
    return ":".join(function_arn.split(":")[:7])
