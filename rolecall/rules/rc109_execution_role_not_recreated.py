"""RC109: the execution role was not deleted and made again after the function was last changed.

Fails for a function with environment variables whose role is younger than its configuration: AWS KMS still holds the
grant of the old role, by its unique ID, and the variables cannot be decrypted. A later change of the function hides it:
a pass is no proof. Cannot know when a customer's key encrypts them, whose policy may let the new role in.
"""

from rolecall.findings import Verdict, not_applicable, passed, unknown
from rolecall.findings import failed as fails
from rolecall.model import Function, Inventory, Role
from rolecall.rules.execution_role import facts_of, without_role


def check(function: Function, inventory: Inventory) -> Verdict:
    role = function.role.role
    if not function.environment:
        return not_applicable(f"{function.label} has no environment variables.")
    if not isinstance(role, Role):
        return without_role(function)
    if role.created is None or function.changed is None:
        missing = "when it was made" if role.created is None else f"when {function.label} was last changed"
        return unknown(f"Whether {role.label} was made again is not known: AWS does not say {missing}.")
    if role.created <= function.changed:
        return passed(f"No evidence that {role.label} was made again: {function.label} was changed later.")
    return _younger(function, role)


def _younger(function: Function, role: Role) -> Verdict:
    dates = f"it was made on {role.created:%Y-%m-%d}, {function.label} last changed on {function.changed:%Y-%m-%d}"
    if function.key:
        return unknown(
            f"{role.label} was made again ({dates}): whether it may decrypt the environment variables depends on the "
            f"policy of {function.key}."
        )
    return fails(
        f"{role.label} was made again after {function.label} was last changed ({dates}): the KMS grant for the "
        "environment variables is still that of the old role, and invocations fail.",
        dates,
        **facts_of(function, role),
    )
