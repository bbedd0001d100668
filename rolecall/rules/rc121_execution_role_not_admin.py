"""RC121: the execution role is no administrator's.

Fails when it may do everything in IAM, may give itself, a role or a user of its choice any policy, may take over every
role or user, or may run code as every role that trusts a service: then whoever controls the function's code controls
the account. Cannot know when no known policy grants it and another is not known, or only under a condition.
"""

from rolecall.findings import Verdict, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.rules.admin import admin
from rolecall.rules.excess import too_much
from rolecall.rules.execution_role import of_role


def check(function: Function, inventory: Inventory) -> Verdict:
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    found = admin(function, role)
    if found.is_one:
        return too_much(function, role, found.how, *found.reasons)
    if found.is_one is None:
        why = "; ".join(found.reasons[:3])
        return unknown(f"Whether {role.label} {found.how}, is not known: {why}.", *found.reasons)
    return passed(f"{role.label} cannot give itself other permissions.")
