"""What tells which resource in code is which in an account: Terraform's state or plan, listings of stacks.

Sources: https://developer.hashicorp.com/terraform/internals/json-format (plan, ``terraform show -json``);
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional, Union

import msgspec

from rolecall.arn import parse_arn, unqualified
from rolecall.report.kinds import kind_and_name, kind_of_type
from rolecall.report.result import Identity

TERRAFORM, STACK = "state", "stack"
_DEEPEST = 100


class Fact(msgspec.Struct, gc=False):
    """That a resource in code is one in an account. via: ``state`` or ``stack``, where it was said. type: in code."""

    via: str
    type: str
    identity: Identity


class _Instance(msgspec.Struct):
    attributes: Any = None
    index_key: Union[int, str, None] = None


class _StateResource(msgspec.Struct):
    mode: str
    type: str
    name: str
    module: Optional[str] = None
    instances: list[_Instance] = []


class _Shown(msgspec.Struct):
    address: str
    type: str
    mode: str = "managed"
    values: Any = None


class _Module(msgspec.Struct):
    resources: list[_Shown] = []
    child_modules: list[_Module] = []


class _Values(msgspec.Struct):
    root_module: _Module = msgspec.field(default_factory=_Module)


class _PriorState(msgspec.Struct):
    values: Optional[_Values] = None


class _StackResource(msgspec.Struct):
    LogicalResourceId: str
    ResourceType: str
    PhysicalResourceId: str = ""
    StackName: str = ""
    StackId: str = ""


class Document(msgspec.Struct):
    """Any of these documents, as far as it is looked at."""

    resources: Optional[list[_StateResource]] = None
    values: Optional[_Values] = None
    prior_state: Optional[_PriorState] = None
    StackResources: Optional[list[_StackResource]] = None
    StackResourceSummaries: Optional[list[_StackResource]] = None


_MARKS = (b'"terraform_version"', b'"format_version"', b'"StackResources"', b'"StackResourceSummaries"')
_decode = msgspec.json.Decoder(Document).decode


def is_identity(start: bytes) -> bool:
    """Whether a document is one of these, by its first bytes; Checkov's own has ``check_type`` there."""
    return start.lstrip()[:1] == b"{" and any(mark in start for mark in _MARKS) and b'"check_type"' not in start


def facts_of(document: bytes) -> Iterator[Fact]:
    """What a document tells. Raises ``msgspec.DecodeError`` and ``ValidationError`` (a ``ValueError``)."""
    read = _decode(document)
    for resource in read.resources or ():
        if resource.mode == "managed":
            start = f"{resource.module}." if resource.module else ""
            for instance in resource.instances:
                index = _index(instance.index_key)
                address = f"{start}{resource.type}.{resource.name}{index}"
                yield from _of_terraform(resource.type, address, instance.attributes)
    for values in (read.values, read.prior_state.values if read.prior_state else None):
        if values:
            yield from _of_module(values.root_module)
    for listed in (*(read.StackResources or ()), *(read.StackResourceSummaries or ())):
        yield _of_stack(listed)


def _of_module(module: _Module, depth: int = 0) -> Iterator[Fact]:
    for resource in module.resources:
        if resource.mode == "managed":
            yield from _of_terraform(resource.type, resource.address, resource.values)
    if depth < _DEEPEST:
        for child in module.child_modules:
            yield from _of_module(child, depth + 1)


def _index(key: int | str | None) -> str:
    return "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'


def _of_terraform(type_: str, address: str, attributes: Any) -> Iterator[Fact]:
    """Of a resource that has an ARN; others are never what a scanner reports on in an account."""
    arn = attributes.get("arn") if isinstance(attributes, dict) else None
    if isinstance(arn, str) and parse_arn(arn):
        tags = attributes.get("tags_all") or attributes.get("tags")
        trace = tags.get("yor_trace") if isinstance(tags, dict) else None
        identity = _of_arn(unqualified(arn))
        identity.address, identity.yor_trace = address, trace if isinstance(trace, str) else ""
        yield Fact(TERRAFORM, type_, identity)


def _of_stack(listed: _StackResource) -> Fact:
    """The physical ID is an ARN, or the name that ends it, or an ID of another kind."""
    stack = parse_arn(listed.StackId)
    physical = listed.PhysicalResourceId
    kind = kind_of_type(listed.ResourceType)
    if parse_arn(physical):
        identity = _of_arn(unqualified(physical))
    else:
        identity = Identity(kind=kind, name=physical if kind else "")
        if stack:
            identity.account, identity.region = stack.account, stack.region
    identity.stack = listed.StackName or (stack.resource.split("/")[1] if stack and "/" in stack.resource else "")
    identity.logical_id = identity.address = listed.LogicalResourceId
    return Fact(STACK, listed.ResourceType, identity)


def _of_arn(arn: str) -> Identity:
    kind, name = kind_and_name(arn)
    parsed = parse_arn(arn)
    account, region = (parsed.account, parsed.region) if parsed else ("", "")
    return Identity(arn=arn, kind=kind, name=name, account=account, region=region)
