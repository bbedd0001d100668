"""RC120: the execution role may not use every service.

Fails when it may do an action of a service that no policy can know of, as PowerUserAccess may. Whoever may do
everything in IAM too is an administrator, which is RC121's. Cannot know when no known policy grants it and another is
not known.
"""

from rolecall.findings import Verdict, not_applicable, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.rules.admin import admin
from rolecall.rules.excess import grants_to, too_much
from rolecall.rules.execution_role import of_role


def check(function: Function, inventory: Inventory) -> Verdict:
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    grants = grants_to(function, role)
    decision = grants.decide("rolecallmadeup:Anything", grants.made_up("rolecallmadeup"))
    if decision.allowed is not False and admin(function, role).is_one:
        return not_applicable(f"{role.label} is an administrator's role: see RC121.")
    if decision.allowed:
        return too_much(function, role, "may use every service that its policies do not exclude", *decision.reasons)
    if decision.allowed is None:
        why = "; ".join(decision.reasons)
        return unknown(f"Whether {role.label} may use every service is not known: {why}.", *decision.reasons)
    return passed(f"{role.label} may use certain services only.")
