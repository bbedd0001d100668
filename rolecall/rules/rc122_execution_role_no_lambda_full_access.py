"""RC122: the execution role may not invoke every function.

Fails when it may invoke a function that does not exist, as the managed policies AWSLambda_FullAccess and AWSLambdaRole
let it. Cannot know when no known policy grants it and another is not known.
"""

from rolecall.findings import Verdict, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.rules.excess import grants_to, invokes_anything, too_much
from rolecall.rules.execution_role import of_role


def check(function: Function, inventory: Inventory) -> Verdict:
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    decision = invokes_anything(grants_to(function, role))
    if decision.allowed:
        return too_much(function, role, "may invoke every function of the account", *decision.reasons)
    if decision.allowed is None:
        why = "; ".join(decision.reasons)
        return unknown(f"Whether {role.label} may invoke every function is not known: {why}.", *decision.reasons)
    return passed(f"{role.label} may not invoke every function.")
