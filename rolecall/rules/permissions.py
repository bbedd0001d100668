"""What a role may do: its policies, within its boundary, and those of the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

from rolecall.iam import Decision, MayBeAbsent, PolicySet, Request, decide, parse_policy, policy_set
from rolecall.iam.document import Policy
from rolecall.iam.request import Asked
from rolecall.model import Document, Role
from rolecall.model.remembered import remembered
from rolecall.unknown import Text, Unknown

_OWN = "resource's own policy"
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
    own = _policies(role)
    if not isinstance(policies, Unknown) and not policies:
        return decide_within(own, role, action, resource, context)
    listed = policies if isinstance(policies, tuple) else (policies,)
    known = _joined([document for document in listed if not isinstance(document, Unknown)])
    both = own if known is None else own.with_resource(parse_policy(known, _OWN))
    decision = decide_within(both, role, action, resource, context)
    unread = next((document for document in listed if isinstance(document, Unknown)), None)
    if decision.allowed or unread is None:
        return decision
    return decide_within(own.with_resource(parse_policy(unread, _OWN)), role, action, resource, context)


@remembered
def _policies(role: Role) -> PolicySet:
    return within_boundary(role, identity_policies(role))


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


def within_boundary(role: Role, policies: Sequence[Policy]) -> PolicySet:
    """Policies of a role, with its permissions boundary. Raises ``PolicyError``."""
    return policy_set(policies, permissions_boundaries=None if role.boundary is None else [role.boundary])


def decide_within(
    policies: PolicySet, role: Role, action: str, resource: Text, context: Mapping[str, Any] | None = None
) -> Decision:
    """Whether policies allow a role an action; see ``may``."""
    request = Request(role.resource.arn, action, resource, context=context or {})
    keys = [key for key in policies.condition_keys if not key.lower().startswith(_ABSENT)]
    if keys:
        known = Asked(request).context
        untold = {key: MayBeAbsent("that depends on the call") for key in sorted(keys) if known.get(key) is None}
        request = request._replace(context={**request.context, **untold})
    return decide(request, policies)
