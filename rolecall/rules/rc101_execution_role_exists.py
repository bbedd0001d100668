"""RC101: the function's execution role exists.

Fails when there is certainly no such role: deleted in the account, or neither declared nor looked up in the code.
Cannot know when the role is a literal ARN, a variable or another stack's, or when IAM could not be read.
"""

from rolecall.arn import parse_arn, role_name
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Function, Inventory, Role


def check(function: Function, inventory: Inventory) -> Verdict:
    reference = function.role
    if isinstance(reference.role, Role):
        return passed(f"{function.label}'s execution role {reference.role.label} exists.", reference.note)
    if reference.role is not None:
        return unknown(f"Whether the execution role of {function.label} exists is not known: {reference.role.reason}.")
    arn = parse_arn(reference.arn) if isinstance(reference.arn, str) else None
    resource = arn.resource if arn else ""
    name = role_name(resource)
    return failed(
        f"The execution role of {function.label}{f', {arn},' if arn else ''} does not exist: {reference.note}.",
        reference.note,
        function_name=function.resource.name,
        **({"role_name": name, "role_path": resource.removeprefix("role").removesuffix(name)} if name else {}),
    )
