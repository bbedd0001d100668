"""The inventory: what the rules look at, the same for code and for an account.

Readers (``rolecall.iac``, ``rolecall.live``) fill it, rules read it. Every field may be ``Unknown`` where its type says
so; nothing is ever guessed. Policy documents are plain dictionaries in IAM's own JSON form, in which any value may be
``Unknown``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Optional, Union

from rolecall.arn import split_parts
from rolecall.unknown import PartlyKnown, Text, Unknown, parts_of, same_as, text

__all__ = [
    "Document", "Function", "FunctionPolicy", "Inventory", "Invoker", "Location", "PartlyKnown", "Permission",
    "Resource", "Role", "RoleReference", "Text", "Unknown", "text",
]  # fmt: skip

Document = Union[Mapping[str, Any], Unknown]


@dataclass(frozen=True)
class Location:
    """A place in a file; lines count from 1."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Resource:
    """What a finding points at.

    framework: ``terraform``, ``terraform_plan``, ``cloudformation`` or ``live``.
    type: the resource type in the framework's own words; live, CloudFormation's.
    address: unique within one inventory: Terraform address, CloudFormation logical ID, or ARN.
    key: unique across files and modules that use the same address; equal to the address where that is enough.
    scope: what is deployed together with it: the folder of the root module, the template; empty in an account.
    """

    framework: str
    type: str
    address: str
    name: Text
    arn: Text
    account: Text
    region: Text
    location: Optional[Location] = None
    key: str = ""
    scope: str = ""

    @property
    def label(self) -> str:
        """The resource for a reader: its name where that is known, else its address."""
        return self.name if isinstance(self.name, str) else self.address


@dataclass(frozen=True)
class Role:
    """An IAM role. ``declared``: this configuration manages it (live: always true)."""

    resource: Resource
    trust_policy: Document
    declared: bool = True

    @property
    def label(self) -> str:
        return self.resource.label


@dataclass(frozen=True)
class RoleReference:
    """How a resource names the role it uses.

    arn: what the resource states, an ARN if all is well.
    attribute: for a reference, which attribute of the role it takes; anything but ``arn`` is a mistake.
    role: the role, ``None`` when there is certainly no such role, ``Unknown`` when that cannot be told.
    note: for a reader, how the reference was resolved, or why there is no such role.
    """

    arn: Text
    role: Union[Role, Unknown, None]
    note: str = ""
    attribute: str = "arn"


@dataclass(frozen=True)
class Function:
    """A Lambda function: a resource that uses a role (its execution role).

    The flags say what makes Lambda use the
    execution role without sending ``aws:SourceArn``, as far as known.
    """

    service_principal: ClassVar[str] = "lambda.amazonaws.com"

    resource: Resource
    partition: Text
    role: RoleReference
    in_vpc: Union[bool, Unknown] = False
    snap_start: Union[bool, Unknown] = False
    event_source_mappings: Union[tuple[str, ...], Unknown] = ()
    edge_association: Union[bool, Unknown] = False

    @property
    def label(self) -> str:
        return self.resource.label


@dataclass(frozen=True)
class Permission:
    """One statement of a function's resource-based policy.

    resource: where the statement is written (``aws_lambda_permission``), or the function itself in an account.
    function: address of the function it belongs to, ``Unknown`` when that is elsewhere or cannot be told.
    qualifier: alias or version that the statement covers; ``""`` for the unqualified function.
    statement: the statement as IAM stores it.
    managed_by: address of what makes the statement without being one; empty: it is written as a statement.
    """

    resource: Resource
    function: Union[str, Unknown]
    function_name: Text
    qualifier: Text
    statement: Document
    managed_by: str = ""

    @property
    def sid(self) -> str:
        sid = self.statement.get("Sid") if isinstance(self.statement, Mapping) else None
        return sid if isinstance(sid, str) else ""


@dataclass(frozen=True)
class Invoker:
    """A resource that is wired to call a function.

    kind: which wiring it is, a row of ``rolecall.invocation``. what: the wiring for a reader ("The SNS topic orders").
    function: ARN of what is called, with the qualifier if it names one.
    source_arn: what the service presents as ``aws:SourceArn``; its account is the resource's.
    role: ARN of the role that the service calls with; ``None`` when it calls as itself.
    calls: where the wiring makes several calls, the source ARN of each with its name for a reader; ``source_arn`` is
        then the pattern that covers them.
    auth_type: of a function URL, who may call it (``NONE``, ``AWS_IAM``).
    """

    kind: str
    resource: Resource
    what: str
    function: Text
    source_arn: Text
    role: Optional[Text] = None
    calls: tuple[tuple[str, Text], ...] = ()
    auth_type: Text = ""


FunctionPolicy = Union[tuple[Permission, ...], Unknown]


@dataclass(frozen=True)
class Inventory:
    """Everything that one scan knows. Read-only; indexed on first use, in O(nodes + edges).

    functions: by key. policies: by function key; a function without an entry has the permissions that name it.
    """

    framework: str
    functions: Mapping[str, Function] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    unread_policies: Mapping[str, Unknown] = field(default_factory=dict)
    invokers: tuple[Invoker, ...] = ()

    def function_of(self, permission: Permission) -> Function | None:
        """The function that a permission belongs to, when this inventory has it."""
        return self.functions.get(permission.function) if isinstance(permission.function, str) else None

    def policy_of(self, function: Function) -> FunctionPolicy:
        """The statements of a function's resource-based policy; ``Unknown`` when it could not be read."""
        unread = self.unread_policies.get(function.resource.key)
        return unread if unread is not None else self._permissions_by_function.get(function.resource.key, ())

    def called_by(self, invoker: Invoker) -> tuple[Function, Text] | None:
        """The function that an invoker calls, and the qualifier it names (``""``: none); ``None``: it is not here.

        Only one of the invoker's own scope: another configuration may deploy a function of the same name elsewhere.
        """
        parts = split_parts(parts_of(invoker.function), 8)
        if parts is None or len(parts) < 7:
            return None
        found = self._functions_by_arn.get((invoker.resource.scope, same_as(text(*_joined(parts[:7])))), ())
        return (found[0], text(*parts[7]) if len(parts) > 7 else "") if len(found) == 1 else None

    def unattributed(self, scope: str) -> tuple[Permission, ...]:
        """The permissions of a scope that may belong to any function, since theirs is not known."""
        return self._unattributed.get(scope, ())

    @cached_property
    def _functions_by_arn(self) -> dict[tuple[str, object], list[Function]]:
        index: dict[tuple[str, object], list[Function]] = {}
        for function in self.functions.values():
            index.setdefault((function.resource.scope, same_as(function.resource.arn)), []).append(function)
        return index

    @cached_property
    def _unattributed(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, Unknown) and isinstance(permission.function_name, Unknown):
                index.setdefault(permission.resource.scope, []).append(permission)
        return {scope: tuple(found) for scope, found in index.items()}

    @cached_property
    def _permissions_by_function(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, str):
                index.setdefault(permission.function, []).append(permission)
        return {key: tuple(found) for key, found in index.items()}


def _joined(parts: Sequence[Sequence[Text]]) -> list[Text]:
    """The pieces of an ARN's parts with their colons."""
    pieces: list[Text] = []
    for number, part in enumerate(parts):
        pieces += [":", *part] if number else part
    return pieces
