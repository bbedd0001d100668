"""RC108: the code refers to the execution role instead of writing out its ARN.

Fails for an ARN that is written out: nothing keeps that role in place while the function uses it.
Cannot know when the value comes from a parameter, a variable or another stack.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Function, Inventory
from rolecall.unknown import Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    reference = function.role
    if isinstance(reference.literal, Unknown):
        return unknown(f"Where {function.label} has the ARN of its role from is not known: {reference.literal.reason}.")
    if not reference.literal:
        return passed(
            f"{function.label} refers to its execution role{f', {reference.note}' if reference.role else ''}."
        )
    return failed(
        f"{function.label} names its execution role by an ARN that is written out, {reference.arn}: "
        "no dependency keeps that role in place, or makes it before the function.",
        function_name=function.resource.name,
        function_key=function.resource.address,
        role_arn=reference.arn,
        sam_address=function.resource.sam_address,
    )
