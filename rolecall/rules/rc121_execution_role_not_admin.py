"""RC121: the execution role is no administrator's.

Fails when it may do everything in IAM, or may give a role or a user of its choice any policy: then whoever controls the
function's code controls the account. Cannot know when no known policy grants it and another is not known.
"""

from rolecall.findings import Verdict, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.rules.excess import is_admin, too_much
from rolecall.rules.execution_role import of_role


def check(function: Function, inventory: Inventory) -> Verdict:
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    admin, action = is_admin(role, function.resource.region)
    if admin:
        how = "may do everything in IAM" if action == "iam:*" else f"may do {action} on whatever it likes"
        return too_much(
            function, role, f"{how}, and so give itself every permission of the account", f"allowed: {action}"
        )
    if admin is None:
        return unknown(f"Whether {role.label} may do {action} on everything is not known: a policy of it is not known.")
    return passed(f"{role.label} cannot give itself other permissions.")
