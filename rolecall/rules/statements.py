"""What the rules RC341 to RC347 have in common: one statement of a function's policy, read, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from rolecall.arn import parse_arn, text_parts
from rolecall.findings import Verdict, unknown
from rolecall.iam import PolicyError
from rolecall.iam.conditions import Condition
from rolecall.iam.statement import Statement
from rolecall.model import Inventory, Permission
from rolecall.model.remembered import remembered
from rolecall.unknown import Computed, PartlyKnown, Text, Tri, Unknown, all3, any3, named, text

# lambda:GetFunction for Lambda@Edge's replicator is no invoke grant and cannot be restricted.
INVOKE_ACTIONS = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync")
_INVOKING = tuple(action.lower() for action in INVOKE_ACTIONS)
SOURCE_ARN = "aws:sourcearn"
RESTRICTING_OPERATORS = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


@dataclass(frozen=True)
class Grant:
    """A permission with its statement parsed."""

    permission: Permission
    statement: Statement

    @property
    def label(self) -> str:
        return self.permission.label

    @property
    def function(self) -> str:
        """Whose policy it is on."""
        return named(self.permission.function_name) or "the function"

    @property
    def _callee(self) -> Text:
        """The function; in an account with the alias or version on which the statement is."""
        name, qualifier = self.permission.function_name, self.permission.qualifier
        return text(name, ":", qualifier) if self.permission.resource.framework == "live" and qualifier else name

    @property
    def resource_label(self) -> Text:
        """The name that the statement's resource has in the code: the last part of its address."""
        if self.permission.resource.framework == "live":
            return Unknown("a statement in an account has no name in code")
        return self.permission.resource.reference.rsplit(".", 1)[-1]

    @property
    def facts(self) -> dict[str, Text]:
        """What the remediations of these rules name."""
        return {
            "function_name": self._callee,
            "statement_id": self.permission.sid or Unknown("the statement has no Sid"),
            "account": self.permission.resource.account,
            "resource_label": self.resource_label,
            "function_key": self.permission.resource.address,
            "sam_address": self.permission.resource.sam_address,
            "sam_part": self.permission.resource.made_for or self.permission.resource.address,
        }


def judged(judge: Callable[[Grant, Inventory], Verdict]) -> Callable[[Permission, Inventory], Verdict]:
    """The check that a rule has to offer, of one that judges statements that can be read."""

    def check(permission: Permission, inventory: Inventory) -> Verdict:
        try:
            grant = _grant(permission)
        except PolicyError as fault:
            return unknown(f"{permission.label} cannot be read: {fault}.")
        if grant.statement.unknown is not None:
            return unknown(f"{permission.label} is not known: {grant.statement.unknown.reason}.")
        return judge(grant, inventory)

    return check


@remembered
def _grant(permission: Permission) -> Grant:
    return Grant(permission, permission.parsed)


def admits_service_to_invoke(statement: Statement) -> Tri:
    """Whether the statement allows a service principal (other principals aside) an action that invokes."""
    services = [value for kind, value in statement.principal_entries if kind == "Service"]
    if statement.not_principal or not services:
        return False
    allowed = allows(statement)
    covered = allowed is not False and any3(map(statement.covers_action, _INVOKING))
    known: Tri = True if any(isinstance(value, str) for value in services) else None
    return all3((allowed, covered, known))


def allows(statement: Statement) -> Tri:
    return None if isinstance(statement.effect, Unknown) else statement.effect == "Allow"


def restriction(statement: Statement, keys: Collection[str]) -> tuple[Tri, str]:
    """Whether some condition holds the caller to a value of these keys, and which one says so (or leaves it open)."""
    answers = [None if isinstance(c, Unknown) else _restricts(c, keys) for c in statement.conditions]
    verdict = any3(answers)
    says = [c for c, answer in zip(statement.conditions, answers, strict=True) if verdict is False or answer is verdict]
    return verdict, "; ".join(map(_said, says))


def _said(condition: Condition | Unknown) -> str:
    return (
        condition.reason
        if isinstance(condition, Unknown)
        else f"{condition.key} {', '.join(map(str, condition.values))}"
    )


def values_of(statement: Statement, key: str) -> Iterator[Text]:
    """The values that conditions on a key hold the caller to. key: in lower case."""
    for condition in statement.conditions:
        if isinstance(condition, Condition) and condition.key.lower() == key and _may_restrict(condition):
            yield from condition.values


def is_there(value: Text) -> bool:
    """Whether a value is certainly not empty: what whoever deploys gives, or what is computed, may be."""
    return isinstance(value, (str, PartlyKnown)) or bool(value.symbol and not isinstance(value, Computed))


def arn_parts(value: Text) -> list[Text] | None:
    """The six parts of an ARN that may be known in part; ``None`` when it is none, or cannot be told apart."""
    parts = text_parts(value)
    return parts if parts is not None and len(parts) == 6 and parts[0] == "arn" else None


def _may_restrict(condition: Condition) -> bool:
    return condition.base in RESTRICTING_OPERATORS and not condition.if_exists and not condition.quantifier


def _restricts(condition: Condition, keys: Collection[str]) -> Tri:
    if not _may_restrict(condition) or condition.key.lower() not in keys:
        return False
    return all3(map(_is_a_source, condition.values))


def _is_a_source(value: Text) -> Tri:
    """A value that is not known but certainly there (another resource's ARN) restricts; a variable may be empty."""
    if isinstance(value, Unknown):
        return True if is_there(value) else None
    arn = parse_arn(value)
    if arn is None:
        return value.strip("*?") != ""
    return bool(arn.account.strip("*?") or arn.resource.strip("*?/:"))
