"""The decision: may this principal do this action on this resource, and why.

Sources, all under https://docs.aws.amazon.com/IAM/latest/UserGuide/:
reference_policies_evaluation-logic_policy-eval-denyallow.html (the order of decision; how a resource policy that names
the user, the role, the session or the account meets a boundary and a session policy),
reference_policies_evaluation-logic-cross-account.html (across accounts),
access_policies.html#policies_session (session policies), access_policies_boundaries.html (permissions boundaries).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import Enum

from rolecall.iam import reasons
from rolecall.iam.applied import Applied, Side
from rolecall.iam.document import PolicyDocument, parse_policy
from rolecall.iam.principals import Kind, Reach
from rolecall.iam.request import Asked, Request
from rolecall.unknown import Tri, all3, any3

# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed, and a policy
# that denies the action explicitly does not stop it.
_ALWAYS_ALLOWED = "sts:getcalleridentity"


class Effect(Enum):
    """The answer. IMPLICIT_DENY: nothing allows it; UNKNOWN: what is not known decides which of the others it is."""

    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"
    UNKNOWN = "Unknown"


class Decision:
    """The answer with its reasons.

    effect: the answer. allowed: whether the request is allowed, three-valued: ``False`` also where it is denied in any
    case and only the kind of denial is not known. allowed_by: the statements that allow it (empty unless ALLOW).
    reasons: short facts for a reader: the statements that decided; for an implicit deny, what came nearest.
    """

    __slots__ = ("_explain", "_reasons", "allowed", "allowed_by", "effect")

    def __init__(
        self,
        effect: Effect,
        allowed: Tri,
        explain: Callable[[], tuple[str, ...]],
        allowed_by: tuple[Applied, ...] = (),
    ) -> None:
        self.effect = effect
        self.allowed = allowed
        self.allowed_by = allowed_by
        self._explain = explain
        self._reasons: tuple[str, ...] | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        if self._reasons is None:
            self._reasons = self._explain()
        return self._reasons

    def __repr__(self) -> str:
        return f"Decision({self.effect}, {self.reasons})"


def evaluate(
    request: Request,
    identity_policies: Iterable[PolicyDocument] = (),
    resource_policy: PolicyDocument | None = None,
    permissions_boundaries: Collection[PolicyDocument] | None = None,
    service_control_policies: Iterable[Iterable[PolicyDocument]] | None = None,
    resource_control_policies: Iterable[Iterable[PolicyDocument]] | None = None,
    session_policies: Collection[PolicyDocument] | None = None,
) -> Decision:
    """Decide one request.

    identity_policies: documents attached to the principal. resource_policy: the resource's own (trust policy, function
    policy, key policy). permissions_boundaries, session_policies: documents, ``None`` or empty when there are none.
    service_control_policies (of the caller's account) and resource_control_policies (of the resource's): one list of
    documents per level, root first, ``None`` when there are none; a level without documents allows nothing.
    Documents are dictionaries in which any value may be ``Unknown``, JSON text, ``Unknown``, or parsed policies.
    Raises ``PolicyError`` for a document that is not a policy and ``ValueError`` for a principal that is none.
    """
    asked = Asked(request, bounded=bool(permissions_boundaries))
    caller = asked.caller
    identity = _side("identity policy", identity_policies, asked)
    resource = _side("resource policy", () if resource_policy is None else (resource_policy,), asked, True)
    limits = []
    if permissions_boundaries:
        limits.append(_side("permissions boundary", permissions_boundaries, asked))
    if session_policies:
        limits.append(_side("session policy", session_policies, asked))
    guards = []
    if not caller.service_linked:
        if service_control_policies is not None and caller.is_iam:
            guards += _levels("service control policy", service_control_policies, asked)
        if resource_control_policies is not None:
            guards += _levels("resource control policy", resource_control_policies, asked)

    if asked.action == _ALWAYS_ALLOWED and caller.kind is not Kind.ANONYMOUS:
        return Decision(Effect.ALLOW, True, lambda: ("sts:GetCallerIdentity needs no permission",))
    sides = (identity, resource, *limits, *guards)
    possible = [found for side in sides for found in side.applied if found.statement.effect != "Allow"]
    if possible and (certain := [found for found in possible if found.denies]):
        return Decision(Effect.EXPLICIT_DENY, False, lambda: reasons.of_explicit_deny(certain, asked))

    granted = _granted(asked, identity, resource, limits)
    if guards and granted is not False:
        granted = all3((granted, *(level.allows() for level in guards)))
    if granted is False and not possible:
        return Decision(
            Effect.IMPLICIT_DENY, False, lambda: reasons.of_denial(asked, identity, resource, limits, guards)
        )
    if granted is not True or possible:
        allowed: Tri = False if granted is False else None
        return Decision(Effect.UNKNOWN, allowed, lambda: reasons.of_unknown(asked, sides))
    allows = tuple(found for side in sides for found in side.applied if found.allows())
    return Decision(Effect.ALLOW, True, lambda: reasons.of_allow(allows, asked), allows)


def _granted(asked: Asked, identity: Side, resource: Side, limits: Sequence[Side]) -> Tri:
    """Whether identity and resource policies, within boundary and session policy, grant the request."""
    kind = asked.caller.kind
    if kind is Kind.UNKNOWN:  # a service needs the one, an identity perhaps both
        answers = (resource.allows(), identity.allows(), *(limit.allows() for limit in limits))
        return True if all3(answers) else None if any3(answers) is not False else False
    if not asked.caller.is_iam:
        return resource.allows()
    within = [limit.allows() for limit in limits]
    if kind is Kind.FEDERATED_USER and not any(limit.name == "session policy" for limit in limits):
        within.append(False)  # "if there is no session policy ... the request is implicitly denied"
    by_identity = all3((kind is Kind.ROOT or identity.allows(), *within))
    if (same_account := asked.same_account) is False:
        return all3((by_identity, resource.allows()))
    # A policy that names the user or the session, or all principals, is not held back by an implicit deny of boundary
    # or session policy; one that names the role is. One that names the account leaves it to the identity's policies.
    ways = [resource.allows(Reach.SELF, Reach.ANYBODY)] if resource.applied else []
    if resource.applied:
        ways.append(all3((resource.allows(Reach.NAMED), *within)))
    ways.append(all3((by_identity, resource.allows(Reach.ACCOUNT))) if asked.needs_resource_policy else by_identity)
    same = any3(ways)
    if same_account is True:
        return same
    across = all3((by_identity, resource.allows()))
    return same if same is across else None


def _side(name: str, documents: Iterable[PolicyDocument], asked: Asked, of_resource: bool = False) -> Side:
    listed = documents if isinstance(documents, (list, tuple)) else list(documents)
    if len(listed) < 2:
        policies = [parse_policy(document, name) for document in listed]
    else:
        policies = [parse_policy(document, f"{name} {number}") for number, document in enumerate(listed)]
    return Side(name, policies, asked, of_resource)


def _levels(name: str, levels: Iterable[Iterable[PolicyDocument]], asked: Asked) -> list[Side]:
    return [_side(f"{name} (level {depth})", level, asked) for depth, level in enumerate(levels)]
