"""The policies that have a say in a request, parsed and checked for where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from rolecall.iam.document import Policy, PolicyDocument, PolicyError, parse_policy
from rolecall.iam.statement import Statement

Named = tuple[str, Sequence[Policy]]  # what the policies of one side are called, and these


class Stands(Enum):
    """What a policy must be to stand where it stands. CONTROL: a resource control policy, whose Principal is "*"."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    CONTROL = "control"


@dataclass(eq=False)
class PolicySet:
    """Policies by the side on which they stand. Of the boundaries, each stands alone; of controls, each level.

    Nobody changes one; it is not frozen, since that would take as long as the decision does.
    """

    identity: Named
    resource: Named = ("resource policy", ())
    boundaries: Sequence[Named] = ()
    session: Named = ("session policy", ())
    service_controls: Sequence[Named] = ()
    resource_controls: Sequence[Named] = ()

    def __iter__(self) -> Iterator[Policy]:
        levels = (*self.boundaries, self.session, *self.service_controls, *self.resource_controls)
        for _, policies in (self.identity, self.resource, *levels):
            yield from policies

    @cached_property
    def condition_keys(self) -> frozenset[str]:
        """The condition keys that they ask for, as they are written."""
        return frozenset().union(*(policy.condition_keys for policy in self))

    @cached_property
    def identity_allows(self) -> tuple[Statement, ...] | None:
        """The statements, where all are of the identity's policies, in the present language, and certainly allow."""
        policies = self.identity[1]
        others = self.resource[1] or self.boundaries or self.session[1] or self.service_controls
        if others or self.resource_controls or not all(policy.variables for policy in policies):
            return None
        statements = tuple(statement for policy in policies for statement in policy.statements)
        allow = all(statement.effect == "Allow" and statement.unknown is None for statement in statements)
        return statements if allow else None

    def with_resource(self, document: PolicyDocument) -> PolicySet:
        """The same policies with that of a resource beside them. Raises ``PolicyError``."""
        return replace(self, resource=named("resource policy", (document,), Stands.RESOURCE))


def of_identity(
    documents: Iterable[PolicyDocument], permissions_boundaries: Iterable[PolicyDocument] = ()
) -> PolicySet:
    """The policies of an identity alone, each boundary for itself. Raises ``PolicyError``."""
    return PolicySet(
        named("identity policy", documents),
        boundaries=[named("permissions boundary", (b,)) for b in permissions_boundaries],
    )


def named(name: str, documents: Iterable[PolicyDocument], kind: Stands = Stands.IDENTITY) -> Named:
    """The policies of one side, parsed. Raises ``PolicyError`` for one that cannot stand there."""
    listed = documents if isinstance(documents, (list, tuple)) else list(documents)
    if not listed:
        return name, ()
    policies = []
    for number, document in enumerate(listed):
        policy = parse_policy(document, name if len(listed) == 1 else f"{name} {number}")
        fault = policy.not_of_resource if kind is Stands.RESOURCE else policy.not_of_identity
        if fault and kind is not Stands.CONTROL:
            raise PolicyError(fault)
        policies.append(policy)
    return name, policies


def levels(name: str, listed: Iterable[Iterable[PolicyDocument]] | None, kind: Stands) -> Sequence[Named]:
    """The control policies of each level, the root's first; none where there are none. Raises ``PolicyError``."""
    return [named(f"{name} (level {depth})", level, kind) for depth, level in enumerate(listed or ())]
