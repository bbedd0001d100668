"""What a role may do: its policies, within its boundary, and those of the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Union

from rolecall.iam import Decision, MayBeAbsent, Request, evaluate, parse_policy
from rolecall.iam.document import Policy
from rolecall.iam.request import Asked
from rolecall.model import Document, Role
from rolecall.model.remembered import remembered
from rolecall.unknown import Text, Unknown

# Keys that a session which a service has assumed never carries.
_ABSENT = ("aws:multifactorauth", "aws:username", "sts:externalid", "aws:federatedprovider")


def may(
    role: Role,
    action: str,
    resource: Text,
    policies: Union[tuple[Document, ...], Unknown] = (),
    context: Mapping[str, Any] | None = None,
) -> Decision:
    """Whether the role's policies, within its boundary, or the resource's own allow an action.

    context: the condition keys that are known, an empty tuple for one that the request certainly lacks; any other key
    that the policies ask for may be in the request or not. Service control policies are not visible.
    Raises ``PolicyError`` for a policy that is none.
    """
    documents = identity_policies(role)
    listed = policies if isinstance(policies, tuple) else (policies,)
    known = [document for document in listed if not isinstance(document, Unknown)]
    decision = decide(role, documents, action, resource, context, _joined(known))
    unread = next((document for document in listed if isinstance(document, Unknown)), None)
    if decision.allowed or unread is None:
        return decision
    return decide(role, documents, action, resource, context, unread)


@remembered
def identity_policies(role: Role) -> tuple[Policy, ...]:
    """The role's identity policies; one that says nothing stands for all when they could not be read.

    Raises ``PolicyError`` for a policy that is none.
    """
    if isinstance(role.policies, Unknown):
        return (parse_policy(role.policies, f"identity policies of {role.label}"),)
    return tuple(policy.parsed for policy in role.policies)


def _joined(policies: Sequence[Mapping[str, Any]]) -> Document | None:
    """One policy with the statements of several."""
    statements: list[Any] = []
    for policy in policies:
        given = policy.get("Statement", [])
        statements += given if isinstance(given, list) else [given]
    return {"Version": "2012-10-17", "Statement": statements} if policies else None


def decide(
    role: Role,
    policies: Sequence[Policy],
    action: str,
    resource: Text,
    context: Mapping[str, Any] | None = None,
    of_resource: Document | None = None,
) -> Decision:
    """Whether policies, within the role's boundary, or the resource's own allow the role an action; see ``may``."""
    boundaries = [] if role.boundary is None else [parse_policy(role.boundary, "permissions boundary")]
    own = None if of_resource is None else parse_policy(of_resource, "resource's own policy")
    asked_for = frozenset().union(*(p.condition_keys for p in (*policies, *boundaries, *([own] if own else []))))
    keys = [key for key in asked_for if not key.lower().startswith(_ABSENT)]
    request = Request(role.resource.arn, action, resource, context=context or {})
    if keys:
        known = Asked(request).context
        untold = {key: MayBeAbsent("that depends on the call") for key in sorted(keys) if known.get(key) is None}
        request = replace(request, context={**request.context, **untold})
    return evaluate(request, policies, own, boundaries or None)
