"""Which statements apply to a request: the policies of one side (identity, resource, boundary ...) looked through."""

from __future__ import annotations

from collections.abc import Sequence

from rolecall.iam.caller import REACHES, Admission, Reach
from rolecall.iam.document import Policy
from rolecall.iam.principals import EVERYBODY, NOBODY
from rolecall.iam.request import Asked
from rolecall.iam.statement import WHOLE, Statement
from rolecall.unknown import Tri, any3

_ITSELF: Admission = {Reach.NAMED: True}  # a policy of the identity means the identity
_PERHAPS: Admission = {Reach.UNKNOWN: None}


class Applied:
    """A statement that applies to the request, or may.

    rest: whether action, resource and conditions fit (``None``: cannot be known). admitted: how it means the caller.
    outcome: whether it applies.
    """

    __slots__ = ("admitted", "outcome", "policy", "rest", "statement")

    def __init__(self, policy: Policy, statement: Statement, rest: Tri, admitted: Admission) -> None:
        self.policy = policy
        self.statement = statement
        self.rest = rest
        self.admitted = admitted
        self.outcome: Tri = rest if True in admitted.values() else None

    @property
    def reach(self) -> Reach:
        """The strongest way in which it certainly means the caller."""
        return next((reach for reach in REACHES if self.admitted.get(reach)), Reach.UNKNOWN)

    @property
    def label(self) -> str:
        return label(self.policy, self.statement)

    @property
    def denies(self) -> bool:
        return self.outcome is True and self.statement.effect == "Deny"

    def allows(self, reaches: Sequence[Reach] = ()) -> Tri:
        """Whether it allows the request, by one of these reaches (empty: by any)."""
        if self.statement.effect == "Deny":
            return False
        if not reaches:
            return self.outcome if self.statement.effect == "Allow" else None
        found = any3([answer for reach, answer in self.admitted.items() if reach in reaches])
        return found and (self.rest if self.statement.effect == "Allow" else None)


class Side:
    """Policies that are looked at together: one Allow in any of them is an Allow of the side.

    applied: the statements that apply, or may. denying: those of them that deny, or may.
    """

    __slots__ = ("applied", "denying", "name", "of_resource", "perhaps", "policies")

    def __init__(
        self,
        name: str,
        policies: Sequence[Policy],
        asked: Asked,
        of_resource: bool = False,
        perhaps: bool = False,
    ) -> None:
        """of_resource: the policies belong to the resource, so that their Principal element counts.

        perhaps: whether the side has a say at all is not known.
        """
        self.perhaps = perhaps
        self.name = name
        self.policies = policies
        self.of_resource = of_resource
        self.applied: list[Applied] = []
        self.denying: list[Applied] = []
        for policy in policies:
            for statement in policy.statements:
                found = _apply(policy, statement, asked, of_resource)
                if found is None:
                    continue
                if perhaps:
                    found.outcome = None
                self.applied.append(found)
                if statement.effect != "Allow":
                    self.denying.append(found)

    def allows(self, *reaches: Reach) -> Tri:
        """Whether some statement allows the request; reaches: only if it means the caller in one of these ways."""
        wanted = (*reaches, Reach.UNKNOWN) if reaches else ()
        answer: Tri = False
        for found in self.applied:
            allows = found.allows(wanted)
            if allows:
                return True
            answer = answer if allows is False else None
        return None if self.perhaps else answer


def label(policy: Policy, statement: Statement) -> str:
    """The statement for a reader: ``statement 0 (Sid) of the resource policy``."""
    return f"{statement.label} of the {policy.name}" if statement.index != WHOLE else f"the {policy.name}"


def admission(statement: Statement, asked: Asked, of_resource: bool) -> Admission:
    """How a statement means the caller: by its Principal element, or because it is the caller's own policy."""
    principals = statement.principals
    if principals is None:
        return NOBODY if of_resource else _ITSELF
    admitted = principals.admit(asked.caller, asked.of_s3)
    if asked.bounded and principals.negated and statement.effect != "Allow" and asked.caller.is_iam:
        # A deny "will always deny any IAM principal that has a permissions boundary policy attached, regardless of the
        # values": https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        return EVERYBODY if statement.effect == "Deny" else {**_PERHAPS, **admitted}
    return admitted


def _apply(policy: Policy, statement: Statement, asked: Asked, of_resource: bool) -> Applied | None:
    if statement.unknown is not None:
        return Applied(policy, statement, None, _PERHAPS)
    admitted = admission(statement, asked, of_resource)
    if not admitted:
        return None
    covered = statement.covers_action(asked.action)
    if covered is False:
        return None
    fit = fits(statement, asked, policy.variables is not False)
    if policy.variables is None and statement.has_variables and fits(statement, asked, False) is not fit:
        fit = None
    return None if fit is False else Applied(policy, statement, fit and covered, admitted)


def fits(statement: Statement, asked: Asked, variables: bool) -> Tri:
    """Whether resource and conditions fit."""
    found = asked.fits
    if found is None:
        return _fits(statement, asked, variables)
    key = 2 * id(statement) + variables
    if key not in found:
        found[key] = _fits(statement, asked, variables)
    return found[key]


def _fits(statement: Statement, asked: Asked, variables: bool) -> Tri:
    resource = statement.covers_resource(asked.resource, asked.context, variables)
    if resource is False or not statement.conditions:
        return resource
    held = statement.conditions_hold(asked.context, variables)
    return False if held is False else held and resource
