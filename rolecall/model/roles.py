"""Roles and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Optional, Union

from rolecall.iam.document import Policy, parse_object, parse_policy
from rolecall.model.remembered import remembered
from rolecall.model.resource import UNREAD, Document, Resource
from rolecall.unknown import Text, Unknown, replaced


@dataclass(frozen=True, eq=False)
class IdentityPolicy:
    """A policy that says what a role may do. name: for a reader; for an AWS managed policy its ARN.

    document: ``Unknown`` where it cannot be told what the policy says, or whether the role has it.
    """

    name: str
    document: Document

    @property
    def parsed(self) -> Policy:
        """The document, parsed once for all rules. Raises ``PolicyError``."""
        return _parsed(self)

    def replaced(self, stand_in: Callable[[Unknown], Text]) -> IdentityPolicy:
        """The policy with something else for values that are not known, made once for each ``stand_in``."""
        return _replaced(self, stand_in)


@remembered
def _parsed(policy: IdentityPolicy) -> Policy:
    name = policy.name if "inline" in policy.name else f"identity policy {policy.name}"
    if isinstance(policy.document, Unknown):
        return parse_policy(policy.document, name)
    return parse_object(policy.document, name)


@remembered
def _replaced(policy: IdentityPolicy, stand_in: Callable[[Unknown], Text]) -> IdentityPolicy:
    return replace(policy, document=replaced(policy.document, stand_in))


@dataclass(frozen=True, eq=False)
class Role:
    """An IAM role.

    declared: this configuration manages it (live: always true).
    policies: inline and attached ones. boundary: the permissions boundary; ``None`` when it has none.
    tags: by key; ``Unknown`` when none is known. more_tags: why it may have others.
    created: in an account, when it was made.
    """

    resource: Resource
    trust_policy: Document
    declared: bool = True
    policies: Union[tuple[IdentityPolicy, ...], Unknown] = UNREAD
    boundary: Optional[Document] = None
    tags: Union[Mapping[str, Text], Unknown] = UNREAD
    more_tags: Optional[Unknown] = None
    created: Optional[datetime] = None

    @property
    def trust(self) -> Policy:
        """The trust policy, parsed once for all rules. Raises ``PolicyError``."""
        return _trust(self)

    @property
    def label(self) -> str:
        return self.resource.label


@remembered
def _trust(role: Role) -> Policy:
    return parse_policy(role.trust_policy, "trust policy")


@dataclass(frozen=True)
class RoleReference:
    """How a resource names the role it uses.

    arn: what the resource states, an ARN if all is well.
    attribute: for a reference, which attribute of the role it takes; anything but ``arn`` is a mistake.
    role: the role, ``None`` when there is certainly no such role, ``Unknown`` when that cannot be told.
    note: for a reader, how the reference was resolved, or why there is no such role.
    literal: whether the code writes out the role's ARN or name instead of referring to the role; ``Unknown`` where
        the value comes from elsewhere.
    """

    arn: Text
    role: Union[Role, Unknown, None]
    note: str = ""
    attribute: str = "arn"
    literal: Union[bool, Unknown] = UNREAD
