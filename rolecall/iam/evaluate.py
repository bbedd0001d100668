"""The decision: may this principal do this action on this resource, and why.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
(order of decision), ..._policy-eval-basics-cross-account.html (across accounts), access_policies_boundaries.html and
reference_policies_evaluation-logic_policy-eval-denyallow.html (how a resource policy and a boundary interact).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Union

from rolecall.iam import conditions as cond
from rolecall.iam.document import Policy, Statement, parse_policy
from rolecall.iam.match import glob, match, match_arn
from rolecall.iam.principals import Kind, Principal, Reach, means, parse_principal, show
from rolecall.unknown import Text, Tri, Unknown, all3, any3, not3

PolicyDocument = Union[Mapping[str, Any], str, Unknown, Policy]
_NEEDS_RESOURCE_POLICY = ("sts:assumerole", "kms:")
_ALWAYS_ALLOWED = "sts:getcalleridentity"


class Effect(Enum):
    """The answer. IMPLICIT_DENY: nothing allows it; UNKNOWN: a value that is not known decides."""

    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"
    UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Request:
    """What is asked.

    principal: service principal, IAM ARN, STS session ARN, account root ARN, or ``"*"`` (anonymous).
    action: ``service:Action``.
    resource: ARN; may be known in part.
    resource_account: the account that owns the resource, where the ARN does not say it or it is known in part.
    context: condition keys, case-insensitive; values text, lists of text, or ``Unknown``. Keys that AWS derives from
        the principal are added; any other key that is absent here is absent from the request.
    """

    principal: str
    action: str
    resource: Text
    resource_account: Text = ""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Matched:
    """A statement that bears on the decision. ``outcome``: whether it applies (``None``: cannot be known)."""

    policy: str
    statement: Statement
    outcome: Tri
    reach: Reach
    why: str

    @property
    def label(self) -> str:
        return f"{self.statement.label} of the {self.policy}"


@dataclass(frozen=True)
class Decision:
    """The answer with its reasons: the statements that decided, or for an implicit deny what came nearest.

    allowed_by: the statements that allow the request (empty unless ALLOW).
    """

    effect: Effect
    reasons: tuple[str, ...]
    allowed_by: tuple[Matched, ...] = ()


def evaluate(
    request: Request,
    identity_policies: Iterable[PolicyDocument] = (),
    resource_policy: PolicyDocument | None = None,
    permissions_boundaries: Iterable[PolicyDocument] | None = None,
    service_control_policies: Iterable[Iterable[PolicyDocument]] | None = None,
    resource_control_policies: Iterable[Iterable[PolicyDocument]] | None = None,
    session_policies: Iterable[PolicyDocument] | None = None,
) -> Decision:
    """Decide one request.

    identity_policies: documents attached to the principal. resource_policy: the resource's own (trust policy, function
    policy). permissions_boundaries, session_policies: documents, ``None`` when there are none. service_control_policies
    and resource_control_policies: one list of documents per level, root first, ``None`` when there are none.
    Documents are dictionaries in which any value may be ``Unknown``, JSON text, or ``Unknown``.
    Raises ``PolicyError`` for a document that is not a policy and ``ValueError`` for a principal that is none.
    """
    asked = _Asked(request)
    identity = asked.look_in(_parsed(identity_policies, "identity policy"))
    resource = asked.look_in([parse_policy(resource_policy, "resource policy")] if resource_policy is not None else [])
    boundary = _optional(asked, permissions_boundaries, "permissions boundary")
    session = _optional(asked, session_policies, "session policy")
    guards = _guards(asked, service_control_policies, "service control policy") if asked.caller.is_iam else []
    guards += _guards(asked, resource_control_policies, "resource control policy")

    everything = [*identity, *resource, *(boundary or []), *(session or []), *(m for level in guards for m in level)]
    denies = [m for m in everything if m.statement.effect != "Allow" and m.outcome is not False]  # certain or possible
    certain = [m for m in denies if m.outcome is True and m.statement.effect == "Deny"]
    if certain:
        return Decision(Effect.EXPLICIT_DENY, tuple(f"{m.label} denies {request.action}" for m in certain))
    if request.action.lower() == _ALWAYS_ALLOWED:
        return Decision(Effect.ALLOW, ("sts:GetCallerIdentity needs no permission",))

    verdict = all3([_granted(asked, identity, resource, boundary, session), *(_some(level) for level in guards)])
    if verdict is False:
        return Decision(
            Effect.IMPLICIT_DENY, _nearest(asked, everything) or ("no policy has a statement that allows it",)
        )
    if verdict is None or denies:
        open_questions = [m for m in everything if m.outcome is None or m in denies]
        return Decision(Effect.UNKNOWN, tuple(f"{m.label}: {m.why}" for m in open_questions))
    allows = tuple(m for m in everything if m.outcome is True and m.statement.effect == "Allow")
    return Decision(Effect.ALLOW, tuple(f"{m.label} allows {request.action}" for m in allows), allows)


def _granted(
    asked: _Asked,
    identity: Sequence[Matched],
    resource: Sequence[Matched],
    boundary: Sequence[Matched] | None,
    session: Sequence[Matched] | None,
) -> Tri:
    """Whether identity and resource policies, within boundary and session policy, grant the request."""
    caller = asked.caller
    if not caller.is_iam:
        return _some(resource)
    by_identity = True if caller.kind is Kind.ROOT and not identity else _some(identity)
    limited = [_some(policies) for policies in (boundary, session) if policies is not None]
    through_account = _some(resource, Reach.ACCOUNT)
    named = _some(resource, Reach.NAMED, Reach.ANYBODY)
    session_named = _some(resource, Reach.SESSION)
    if asked.same_account is False:
        return all3([by_identity, _some(resource), *limited])
    # A resource policy that names a user or a session is not held back by an implicit deny of the boundary or the
    # session policy; one that names the role is.
    direct = named if caller.kind is Kind.USER else all3([named, *limited])
    ways = [direct, session_named]
    if asked.needs_resource_policy:
        ways.append(all3([by_identity, through_account, *limited]))
    else:
        ways.append(all3([by_identity, *limited]))
    same = any3(ways)
    if asked.same_account is True:
        return same
    across = all3([by_identity, _some(resource), *limited])
    return same if same is across else None


def _some(matches: Sequence[Matched], *reaches: Reach) -> Tri:
    """Whether some statement of these allows the request."""
    return any3(
        None if isinstance(m.statement.effect, Unknown) and m.outcome is not False else m.outcome
        for m in matches
        if m.statement.effect != "Deny" and (not reaches or m.reach in reaches)
    )


class _Asked:
    """A request made ready for matching."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.caller: Principal = parse_principal(request.principal)
        self.action = request.action.lower()
        self.context = cond.Context({**self.caller.context(), **request.context})
        self.needs_resource_policy = self.action.startswith(_NEEDS_RESOURCE_POLICY)
        self.same_account = self._same_account()

    def _same_account(self) -> Tri:
        owner = self.request.resource_account
        if not owner and isinstance(self.request.resource, str):
            parts = self.request.resource.split(":", 5)
            owner = parts[4] if len(parts) > 4 else ""
        if not owner:
            return True
        return match((owner,), self.caller.account, wildcards=False)

    def look_in(self, policies: Iterable[Policy]) -> list[Matched]:
        return [self._match(policy, statement) for policy in policies for statement in policy.statements]

    def _match(self, policy: Policy, statement: Statement) -> Matched:
        if statement.unknown is not None:
            return Matched(policy.name, statement, None, Reach.NAMED, statement.unknown.reason)
        principal, reach = self._principal(statement)
        tests = {
            "action": self._action(statement),
            "principal": principal,
            "resource": self._resource(policy, statement),
            "condition": self._conditions(policy, statement),
        }
        outcome = all3(tests.values())
        why = "" if outcome else self._explain(policy, statement, tests)
        if outcome and isinstance(statement.effect, Unknown):
            why = statement.effect.reason
        return Matched(policy.name, statement, outcome, reach, why)

    def _action(self, statement: Statement) -> Tri:
        found = any3(
            match((action,), self.action, ignore_case=True) if isinstance(action, Unknown)
            else glob(action.lower(), self.action)
            for action in statement.actions
        )  # fmt: skip
        return not3(found) if statement.not_action else found

    def _principal(self, statement: Statement) -> tuple[Tri, Reach]:
        if statement.principals is None:
            return True, Reach.NAMED
        answers = [means(kind, value, self.caller) for kind, value in statement.principals]
        found = any3(answer for answer, _ in answers)
        if statement.not_principal:
            return not3(found), Reach.ANYBODY
        order = (Reach.SESSION, Reach.NAMED, Reach.ANYBODY, Reach.ACCOUNT)
        reach = next((r for r in order if any(a is found and via is r for a, via in answers)), Reach.NAMED)
        return found, reach

    def _resource(self, policy: Policy, statement: Statement) -> Tri:
        if statement.resources is None:
            return True
        patterns = [cond.expand(value, self.context) if policy.variables else (value,) for value in statement.resources]
        found = any3(
            True if pattern == ("*",) else match_arn(pattern, self.request.resource)
            for pattern in patterns
            if pattern is not None
        )
        return not3(found) if statement.not_resource else found

    def _conditions(self, policy: Policy, statement: Statement) -> Tri:
        if isinstance(statement.conditions, Unknown):
            return None
        return all3(cond.holds(c, self.context, variables=policy.variables) for c in statement.conditions)

    def _explain(self, policy: Policy, statement: Statement, tests: Mapping[str, Tri]) -> str:
        """What keeps the statement from applying, for a reader."""
        blocked = [name for name, result in tests.items() if result is False] or [
            name for name, result in tests.items() if result is None
        ]
        return "; ".join(self._explain_one(policy, statement, name) for name in blocked)

    def _explain_one(self, policy: Policy, statement: Statement, name: str) -> str:
        if name == "action":
            return f"covers {_listing(statement.actions, statement.not_action)}, not {self.request.action}"
        if name == "principal":
            admitted = [show(kind, value) for kind, value in statement.principals or ()]
            return f"admits {'all but ' if statement.not_principal else ''}{', '.join(admitted) or 'nobody'} only"
        if name == "resource":
            return f"covers {_listing(statement.resources or (), statement.not_resource)}, not {self.request.resource}"
        if isinstance(statement.conditions, Unknown):
            return statement.conditions.reason
        results = [(c, cond.holds(c, self.context, variables=policy.variables)) for c in statement.conditions]
        stopping = [c for c, held in results if held is False] or [c for c, held in results if held is None]
        return "; ".join(cond.describe(c, self.context) for c in stopping)


def _listing(values: Sequence[Text], negated: bool) -> str:
    return f"{'all but ' if negated else ''}{', '.join(map(str, values))}"


def _nearest(asked: _Asked, matches: Sequence[Matched]) -> tuple[str, ...]:
    """The allowing statements that came nearest, each with what kept it from applying: fewest obstacles first."""
    allows = [m for m in matches if m.statement.effect == "Allow" and m.outcome is False]
    fewest = min((m.why.count(";") for m in allows), default=0)
    return tuple(f"{m.label} {m.why}" for m in allows if m.why.count(";") == fewest)


def _parsed(documents: Iterable[PolicyDocument], name: str) -> list[Policy]:
    listed = list(documents)
    if len(listed) == 1:
        return [parse_policy(listed[0], name)]
    return [parse_policy(document, f"{name} {number}") for number, document in enumerate(listed)]


def _optional(asked: _Asked, documents: Iterable[PolicyDocument] | None, name: str) -> list[Matched] | None:
    return None if documents is None else asked.look_in(_parsed(documents, name))


def _guards(asked: _Asked, levels: Iterable[Iterable[PolicyDocument]] | None, name: str) -> list[list[Matched]]:
    return [asked.look_in(_parsed(level, f"{name} (level {depth})")) for depth, level in enumerate(levels or ())]
