"""RC345: no policy of the function or of its role names a principal that was deleted.

Fails for a principal that is a unique ID (AROA..., AIDA...): AWS puts it in the place of the ARN when the role or user
is deleted, and one made again under the same name is another. Cannot know when a policy is not known.
"""

import re
from collections.abc import Iterator

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import PolicyError, parse_policy
from rolecall.iam.statement import Statement
from rolecall.model import Function, Inventory, Role
from rolecall.unknown import Unknown

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_UNIQUE_ID = re.compile(r"(?:AROA|AIDA)[A-Z0-9]{12,}(?::.*)?", re.ASCII)


def check(function: Function, inventory: Inventory) -> Verdict:
    doubts = []
    orphans = []
    for name, statements in _policies(function, inventory):
        if isinstance(statements, Unknown):
            doubts.append(f"the {name} is not known: {statements.reason}")
            continue
        for statement in statements:
            for kind, value in statement.principal_entries:
                if kind == "AWS" and isinstance(value, str) and _UNIQUE_ID.fullmatch(value):
                    orphans.append((f"{statement.label} of the {name} names {value}", statement.sid))
    if orphans:
        return failed(
            f"Of {function.label}, {'; '.join(said for said, _ in orphans)}: the role or user was deleted.",
            *(said for said, _ in orphans),
            function_name=function.resource.name,
            statement_id=orphans[0][1] or Unknown("the statement has no Sid"),
        )
    if doubts:
        return unknown(f"Whether a policy of {function.label} names somebody deleted is not known: {doubts[0]}.")
    return passed(f"The policies of {function.label} and its role name nobody who was deleted.")


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
            yield trust, list(parse_policy(role.trust_policy, trust).statements)
        except PolicyError as fault:
            yield trust, Unknown(f"it cannot be read as a policy: {fault}")
    elif isinstance(role, Unknown):
        yield "trust policy of its role", role
