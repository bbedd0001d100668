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
from rolecall.iam.applied import Applied, Side, fits
from rolecall.iam.caller import Kind, Reach
from rolecall.iam.document import PolicyDocument
from rolecall.iam.policy_set import PolicySet, Stands, levels, named
from rolecall.iam.request import Asked, Request
from rolecall.iam.unknown_keys import alternatives
from rolecall.unknown import Tri, all3, any3, not3

# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed, and a policy
# that denies the action explicitly does not stop it.
_ALWAYS_ALLOWED = "sts:getcalleridentity"
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: "You cannot use AWS account root user
# credentials to call AssumeRole."
_NOT_BY_ROOT = "sts:assumerole"


class Effect(Enum):
    """The answer. EXPLICIT_DENY: a statement certainly denies it. IMPLICIT_DENY: nothing allows it, in any case.
    UNKNOWN: what is not known decides whether it is allowed.
    """

    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"
    UNKNOWN = "Unknown"


class Decision:
    """The answer with its reasons.

    effect: the answer. allowed: the same as a three-valued truth. allowed_by: the statements that allow the request
    (empty unless ALLOW). reasons: short facts for a reader: the statements that decided; for an implicit deny, what
    came nearest; for UNKNOWN, what is missing.
    """

    __slots__ = ("_explain", "_reasons", "_sides", "effect")

    def __init__(
        self, effect: Effect, explain: Callable[[], tuple[str, ...]], sides: Callable[[], Sequence[Side]] = tuple
    ) -> None:
        """explain: gives the reasons, when they are asked for. sides: gives those that allow the request."""
        self.effect = effect
        self._sides = sides
        self._explain = explain
        self._reasons: tuple[str, ...] | None = None

    @property
    def allowed(self) -> Tri:
        return None if self.effect is Effect.UNKNOWN else self.effect is Effect.ALLOW

    @property
    def allowed_by(self) -> tuple[Applied, ...]:
        return tuple(found for side in self._sides() for found in side.applied if found.allows())

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
    policy, key policy). permissions_boundaries: documents, each of which has to allow the request. session_policies:
    documents. Both ``None`` or empty when there are none.
    service_control_policies (of the caller's account) and resource_control_policies (of the resource's; only those of a
    service that has them): one list of documents per level, root first, ``None`` when there are none; a level without
    documents allows nothing.
    Documents are dictionaries in which any value may be ``Unknown``, JSON text, ``Unknown``, or parsed policies.
    Raises ``PolicyError`` for a document that is not a policy of its kind and ``ValueError`` for a principal that is
    none.

    What is not known: each unknown value is taken to be any value, whatever the others are, except that unknowns with
    one symbol are the same value, and that one condition key has one value in the whole request.
    """
    policies = PolicySet(
        named("identity policy", identity_policies),
        named("resource policy", () if resource_policy is None else (resource_policy,), Stands.RESOURCE),
        [named("permissions boundary", (document,)) for document in permissions_boundaries or ()],
        named("session policy", session_policies or ()),
        levels("service control policy", service_control_policies, Stands.IDENTITY),
        levels("resource control policy", resource_control_policies, Stands.CONTROL),
    )
    return _whole(Asked(request, bounded=bool(policies.boundaries)), policies)


def decide_each(request: Request, actions: Sequence[str], policies: PolicySet) -> list[Decision]:
    """The decisions of ``evaluate`` on a request for its own action, and for each of these in place of it.

    policies: made ready once, for many requests.
    """
    asked = Asked(request, bounded=bool(policies.boundaries))
    return [_decide(each, policies) for each in (asked, *map(asked.doing, actions))]


def _decide(asked: Asked, policies: PolicySet) -> Decision:
    plain = _by_identity_alone(asked, policies)
    if plain is None:
        return _whole(asked, policies)
    effect = Effect.ALLOW if plain else Effect.IMPLICIT_DENY  # what is to be said of it is found once somebody asks
    return Decision(effect, lambda: _as_it_is(asked, policies).reasons, lambda: _as_it_is(asked, policies)._sides())


def _whole(asked: Asked, policies: PolicySet) -> Decision:
    decision = _as_it_is(asked, policies)
    return decision if decision.effect is not Effect.UNKNOWN else _whatever_the_keys(asked, policies, decision)


# Kinds of callers for which this is so: that nothing applies means no, and one Allow of their own policies means yes.
_PLAIN = (Kind.ROLE, Kind.USER, Kind.SESSION)


def _by_identity_alone(asked: Asked, policies: PolicySet) -> Tri:
    """Whether a request is allowed on which policies of the identity have a say, and nothing else, and none denies.

    That is most of what is asked, and told much faster than in general. ``None``: it is no such request, or not known.
    """
    statements, action = policies.identity_allows, asked.action
    if statements is None or asked.caller.kind not in _PLAIN or action == _ALWAYS_ALLOWED:
        return None
    answer: Tri = False
    for statement in statements:
        covered = statement.covers_action(action)
        if covered is not False:
            fit = fits(statement, asked, True)
            if fit is not False:
                answer = None
                if fit and covered and asked.same_account and asked.needs_resource_policy is False:
                    return True
    return answer


def _as_it_is(asked: Asked, policies: PolicySet) -> Decision:
    """The decision with what is not known left open."""
    caller = asked.caller
    if asked.action == _ALWAYS_ALLOWED and caller.kind is not Kind.ANONYMOUS:
        return Decision(Effect.ALLOW, lambda: ("sts:GetCallerIdentity needs no permission",))
    resource = Side(*policies.resource, asked, True) if policies.resource[1] else _NO_RESOURCE
    identity, limits, guards = _NO_IDENTITY, [], []
    if caller.may_have_policies:
        identity = Side(*policies.identity, asked)
        limits = [Side(*side, asked) for side in policies.boundaries]
        if policies.session[1]:
            limits.append(Side(*policies.session, asked))
        guards = [Side(*side, asked, perhaps=not caller.is_iam) for side in policies.service_controls]
    if policies.resource_controls:
        guards += [Side(*side, asked) for side in policies.resource_controls]
    if guards and caller.service_linked:
        guards = []

    sides = (identity, resource, *limits, *guards)
    possible = [found for side in sides for found in side.denying]
    if possible and (certain := [found for found in possible if found.denies]):
        return Decision(Effect.EXPLICIT_DENY, lambda: reasons.of_explicit_deny(certain, asked))
    granted = _granted(asked, identity, resource, limits)
    if guards and granted is not False:
        granted = all3((granted, *(level.allows() for level in guards)))
    if granted is False:
        return Decision(Effect.IMPLICIT_DENY, lambda: reasons.of_denial(asked, identity, resource, limits, guards))
    if granted is None or possible:
        return Decision(Effect.UNKNOWN, lambda: reasons.of_unknown(asked, sides))
    return Decision(Effect.ALLOW, lambda: reasons.of_allow(sides, asked), lambda: sides)


_NOBODY = Asked(Request("*", "", "*"))
_NO_IDENTITY = Side("identity policy", (), _NOBODY)
_NO_RESOURCE = Side("resource policy", (), _NOBODY, True)


def _granted(asked: Asked, identity: Side, resource: Side, limits: Sequence[Side]) -> Tri:
    """Whether identity and resource policies, within boundary and session policy, grant the request."""
    if not asked.caller.may_have_policies:
        return resource.allows()
    kind = asked.caller.kind
    if not identity.applied and not resource.applied and kind not in (Kind.ROOT, Kind.UNKNOWN):
        return False
    needed = asked.needs_resource_policy
    if kind is Kind.UNKNOWN:  # a service needs the one, a foreign identity both, the root of the account none
        answers = (resource.allows(), identity.allows(), *(limit.allows() for limit in limits))
        return True if all3(answers) else False if needed and answers[0] is False else None
    if kind is Kind.ROOT and asked.action == _NOT_BY_ROOT:
        return False
    within = [limit.allows() for limit in limits]
    if kind is Kind.FEDERATED_USER and not any(limit.name == "session policy" for limit in limits):
        within.append(False)  # "if there is no session policy ... the request is implicitly denied"
    by_identity = all3((kind is Kind.ROOT or identity.allows(), *within))
    same_account = asked.same_account
    if same_account is False:
        return all3((by_identity, resource.allows()))
    # A policy that names the user or the session, or all principals, is not held back by an implicit deny of boundary
    # or session policy; one that names the role is. One that names the account leaves it to the identity's policies.
    ways = [
        by_identity if needed is False else all3((by_identity, any3((resource.allows(Reach.ACCOUNT), not3(needed)))))
    ]
    if resource.applied:
        ways += (resource.allows(Reach.SELF, Reach.ANYBODY), all3((resource.allows(Reach.NAMED), *within)))
    same = any3(ways)
    if same_account is True:
        return same
    across = all3((by_identity, resource.allows()))
    return same if same is across else None


def _whatever_the_keys(asked: Asked, policies: PolicySet, decision: Decision) -> Decision:
    """The decision that holds whatever the condition keys are that are not known, if there is one."""
    requests = [asked.request._replace(context=context) for context in alternatives(asked, policies)]
    cases = [_as_it_is(Asked(request, bounded=asked.bounded), policies) for request in requests]
    answers = {case.allowed for case in cases}
    if len(answers) != 1 or None in answers:
        return decision
    return next((case for case in cases if case.effect is Effect.IMPLICIT_DENY), cases[0])
