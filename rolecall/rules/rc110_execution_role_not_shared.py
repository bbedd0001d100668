"""RC110: no more functions than agreed use one execution role.

Fails for a role that more functions use than ``max_functions_per_role`` of the settings. Versions and aliases of one
function count once. Cannot know when the role is not known, or when others may use it: in an account of which not all
functions were read.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Function, Inventory
from rolecall.rules.execution_role import facts_of, no_role, trust_policy, without_role
from rolecall.rules.in_code import function_facts
from rolecall.unknown import Unknown

_MOST_SHOWN = 5


def check(function: Function, inventory: Inventory) -> Verdict:
    role = function.role.role
    if role is None:
        return without_role(function)
    if isinstance(role, Unknown):
        return unknown(f"Who else uses its role is not known: {no_role(function)}.")
    users, most = inventory.users_of(role), inventory.settings.max_functions_per_role
    unread = inventory.unread_part("functions")
    if len(users) <= most and unread:
        return unknown(
            f"Who else uses {role.label}, the execution role of {function.label}, is not known: {unread.reason}."
        )
    if len(users) <= most:
        return passed(
            f"{role.label}, the execution role of {function.label}, serves {_count(len(users))}{_where(function)}."
        )
    sharers = [user.label for user in users if user is not function]
    shown = ", ".join(sharers[:_MOST_SHOWN]) + (", ..." if len(sharers) > _MOST_SHOWN else "")
    return failed(
        f"{function.label} shares {role.label}, its execution role, with {shown}: {_count(len(users))} use it, "
        f"{most} may; each has the permissions of all.",
        **facts_of(function, role) | function_facts(function),
        trust_policy=trust_policy(Function.service_principal),
    )


def _where(function: Function) -> str:
    return " of the regions that were read" if function.resource.framework == "live" else ""


def _count(number: int) -> str:
    return f"{number} function{'' if number == 1 else 's'}"
