"""RC345: no policy of the function or of its role names a principal that was deleted.

Fails for a principal that is a unique ID (AROA..., AIDA...): AWS puts it in the place of the ARN when the role or user
is deleted, and one made again under the same name is another. Cannot know when a policy is not known.
"""

import re
from collections.abc import Iterator

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import PolicyError
from rolecall.iam.statement import Statement
from rolecall.model import Function, Inventory, Role
from rolecall.rules.trust_repair import without
from rolecall.unknown import Unknown

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_UNIQUE_ID = re.compile(r"(?:AROA|AIDA)[A-Z0-9]{12,}(?::.*)?", re.ASCII)


def check(function: Function, inventory: Inventory) -> Verdict:
    doubts = []
    orphans: list[tuple[str, Statement]] = []
    for name, statements in _policies(function, inventory):
        if isinstance(statements, Unknown):
            doubts.append(f"the {name} is not known: {statements.reason}")
            continue
        orphans += [(name, statement) for statement in statements if _orphans(statement)]
    if orphans:
        return _failed(function, orphans)
    if doubts:
        return unknown(f"Whether a policy of {function.label} names somebody deleted is not known: {doubts[0]}.")
    return passed(f"The policies of {function.label} and its role name nobody who was deleted.")


def _orphans(statement: Statement) -> list[str]:
    entries = statement.principal_entries
    return [value for kind, value in entries if isinstance(value, str) and _is_orphan(kind, value)]


def _is_orphan(kind: str, value: str) -> bool:
    return kind == "AWS" and bool(_UNIQUE_ID.fullmatch(value))


def _failed(function: Function, orphans: list[tuple[str, Statement]]) -> Verdict:
    said = [f"{one.label} of the {name} names {', '.join(_orphans(one))}" for name, one in orphans]
    own = [one for name, one in orphans if not name.startswith("trust")]
    role = function.role.role
    trusted = isinstance(role, Role) and len(own) < len(orphans)
    verdict = failed(
        f"Of {function.label}, {'; '.join(said)}: the role or user was deleted.",
        *said,
        function_name=function.resource.name,
        statement_id=own[0].sid if own else Unknown("the trust policy has it"),
        role=function.role.arn if not isinstance(role, Role) else role.label,
        role_name=role.resource.name if isinstance(role, Role) else Unknown("the role is not known"),
        trust_policy=without(role, _is_orphan) if isinstance(role, Role) and trusted else Unknown("it is as it was"),
    )
    return verdict._replace(remedies=(*([""] if own else []), *(["trust_orphan"] if trusted else [])))


def _policies(function: Function, inventory: Inventory) -> Iterator[tuple[str, list[Statement] | Unknown]]:
    permissions = inventory.policy_of(function)
    own = f"policy of {function.label}"
    role = function.role.role
    try:
        yield own, permissions if isinstance(permissions, Unknown) else [one.parsed for one in permissions]
    except PolicyError as fault:
        yield own, Unknown(f"it cannot be read as a policy: {fault}")
    if isinstance(role, Role):
        trust = f"trust policy of {role.label}"
        if isinstance(role.trust_policy, Unknown):
            yield trust, role.trust_policy
            return
        try:
            yield trust, list(role.trust.statements)
        except PolicyError as fault:
            yield trust, Unknown(f"it cannot be read as a policy: {fault}")
    elif isinstance(role, Unknown):
        yield "trust policy of its role", role
