"""What a role may do: its policies, within its boundary, and those of the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

from rolecall.iam import Decision, MayBeAbsent, PolicySet, Request, decide_each, of_identity, parse_policy
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
    return may_each(role, (action,), resource, policies, context)[0]


def may_each(
    role: Role,
    actions: Sequence[str],
    resource: Text,
    policies: Union[tuple[Document, ...], Unknown] = (),
    context: Mapping[str, Any] | None = None,
) -> list[Decision]:
    """``may`` for each of several actions."""
    own = policies_of(role)
    if not isinstance(policies, Unknown) and not policies:
        return decide_within(own, role, actions, resource, context)
    listed = policies if isinstance(policies, tuple) else (policies,)
    known = _joined([document for document in listed if not isinstance(document, Unknown)])
    both = own if known is None else own.with_resource(parse_policy(known, _OWN))
    decisions = decide_within(both, role, actions, resource, context)
    unread = next((document for document in listed if isinstance(document, Unknown)), None)
    if unread is None or all(decision.allowed for decision in decisions):
        return decisions
    doubted = decide_within(own.with_resource(parse_policy(unread, _OWN)), role, actions, resource, context)
    return [one if one.allowed else other for one, other in zip(decisions, doubted, strict=True)]


@remembered
def policies_of(role: Role) -> PolicySet:
    """The role's identity policies, within its boundary; one that says nothing stands for all that could not be read.

    Raises ``PolicyError`` for a policy that is none.
    """
    if isinstance(role.policies, Unknown):
        return within_boundary(role, [parse_policy(role.policies, f"identity policies of {role.label}")])
    return within_boundary(role, [policy.parsed for policy in role.policies])


def _joined(policies: Sequence[Mapping[str, Any]]) -> Document | None:
    """One policy with the statements of several."""
    statements: list[Any] = []
    for policy in policies:
        given = policy.get("Statement", [])
        statements += given if isinstance(given, list) else [given]
    return {"Version": "2012-10-17", "Statement": statements} if policies else None


def within_boundary(role: Role, policies: Sequence[Policy]) -> PolicySet:
    """Policies of a role, with its permissions boundary. Raises ``PolicyError``."""
    return of_identity(policies, () if role.boundary is None else (role.boundary,))


def decide_within(
    policies: PolicySet, role: Role, actions: Sequence[str], resource: Text, context: Mapping[str, Any] | None = None
) -> list[Decision]:
    """Whether policies allow a role each of several actions; see ``may``."""
    request = Request(role.resource.arn, actions[0], resource, context=context or {})
    keys = [key for key in policies.condition_keys if not key.lower().startswith(_ABSENT)]
    if keys:
        known = Asked(request).context
        untold = {key: MayBeAbsent("that depends on the call") for key in sorted(keys) if known.get(key) is None}
        request = request._replace(context={**request.context, **untold})
    return decide_each(request, actions[1:], policies)
