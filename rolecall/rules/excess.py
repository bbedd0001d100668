"""What the rules on too many permissions have in common: requests for what does not exist.

Only a grant to everything allows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from rolecall.findings import Verdict, failed
from rolecall.iam import Decision
from rolecall.model import Function, Role
from rolecall.model.remembered import remembered
from rolecall.rules.execution_role import facts_of, partition_of
from rolecall.rules.needs import for_function
from rolecall.rules.permissions import decide_within, policies_of, within_boundary
from rolecall.unknown import Given, Identifier, Text, Unknown, parts_of, replaced, text

_NAME = "rolecall-made-up"
_OTHER = "rolecall-another"
_MADE = (Given, Identifier)  # names and IDs that are made: what is made up has none of them


def _other(part: Unknown) -> Text:
    return _OTHER if isinstance(part, _MADE) else part


def _identified(part: Unknown) -> Text:
    return Identifier(part.reason, part.owner) if isinstance(part, Given) else part


class Grants:
    """What a role may do with what does not exist.

    What a policy that is known grants is granted, whatever others say.
    """

    def __init__(
        self,
        role: Role,
        region: Text,
        context: Mapping[str, Any],
        stand_in: Callable[[Unknown], Text] = _other,
    ) -> None:
        """region: of what is made up. context: the condition keys of every call.

        stand_in: for the names that resources are given; what is made up has none of these.

        Raises ``PolicyError`` for a policy that is none.
        """
        self._region, self._context, self._read = region, context, role
        self._partition = partition_of(role)
        self.role = role if role.resource.framework == "live" else _with_names(role, stand_in)
        self.policies = policies_of(self.role)
        policies = self.policies.identity[1]
        known = [policy for policy in policies if not any(s.unknown for s in policy.statements)]
        self._known = self.policies if len(known) == len(policies) else within_boundary(self.role, known)

    @cached_property
    def on_itself(self) -> Grants:
        """What it may do with itself: the names that others are given are not its own."""
        unnamed = any(isinstance(part, _MADE) for part in parts_of(self._read.resource.arn))
        return Grants(self._read, self._region, self._context, _identified) if unnamed else self

    def decide(self, action: str, resource: Text, context: Mapping[str, Any] | None = None) -> Decision:
        """Whether an action is allowed by the known policies, or, where they do not allow it, by all.

        context: condition keys of the request beside those of every call of the function.
        """
        given = {**self._context, **context} if context else self._context
        (decision,) = decide_within(self._known, self.role, (action,), resource, given)
        if decision.allowed or self._known is self.policies:
            return decision
        return decide_within(self.policies, self.role, (action,), resource, given)[0]

    def made_up(self, service: str, kind: str = "") -> Text:
        """The ARN of a resource that does not exist, in the role's account. kind: of resource, and what follows it."""
        region, account = self._region, self.role.resource.account
        start = ("arn:", self._partition, f":{service}:")
        if service == "s3":
            return text(*start, f"::{_NAME}/{_NAME}")
        if (
            kind == "image/"
        ):  # of nobody: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
            account = ""
        return text(*start, "" if service == "iam" else region, ":", account, f":{kind}{_NAME}")


def _with_names(role: Role, stand_in: Callable[[Unknown], Text]) -> Role:
    """The role of code with something else for the names that resources are given."""
    policies = role.policies
    if not isinstance(policies, Unknown):
        policies = tuple(policy.replaced(stand_in) for policy in policies)
    arn = replaced(role.resource.arn, stand_in) if stand_in is _identified else role.resource.arn
    return replace(role, resource=replace(role.resource, arn=arn), policies=policies)


@remembered
def grants_to(function: Function, role: Role) -> Grants:
    """What a function's execution role may do. Raises ``PolicyError`` for a policy that is none."""
    return Grants(role, function.resource.region, for_function(function))


def invokes_anything(grants: Grants) -> Decision:
    """Whether a role may invoke a function that does not exist."""
    return grants.decide("lambda:InvokeFunction", grants.made_up("lambda", "function:"))


def too_much(function: Function, role: Role, what: str, *evidence: str) -> Verdict:
    """The verdict on a role that may do more than any function needs. what: it may do."""
    return failed(
        f"{role.label}, the execution role of {function.label}, {what}.", *evidence, **facts_of(function, role)
    )
