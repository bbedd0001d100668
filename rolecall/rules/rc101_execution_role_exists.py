"""RC101: the function's execution role exists.

Fails when there is certainly no such role: deleted in the account, or neither declared nor looked up in the code.
Cannot know when the role is a literal ARN, a variable or another stack's, or when IAM could not be read.
"""

import re

from rolecall.arn import parse_arn, role_name
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.unknown import Text, named, parts_of


def check(function: Function, inventory: Inventory) -> Verdict:
    reference = function.role
    if isinstance(reference.role, Role):
        return passed(f"{function.label}'s execution role {reference.role.label} exists.", reference.note)
    if reference.role is not None:
        return unknown(f"Whether the execution role of {function.label} exists is not known: {reference.role.reason}.")
    arn = parse_arn(reference.arn) if isinstance(reference.arn, str) else None
    return failed(
        f"The execution role of {function.label}{f', {arn},' if arn else ''} does not exist: {reference.note}.",
        reference.note,
        function_name=function.resource.name,
        function_key=function.resource.address,
        sam_address=function.resource.sam_address,
        **_role_facts(arn.resource if arn else _known_resource(reference.arn), named(parts_of(reference.arn)[-1])),
    )


def _known_resource(arn: Text) -> str:
    """``role/path/name`` at the end of an ARN of which the account or the partition is not known."""
    end = parts_of(arn)[-1]
    return end.rpartition(":")[2] if isinstance(end, str) and ":role/" in end else ""


def _role_facts(resource: str, referred: str) -> dict[str, Text]:
    """Name, path and names in code for the role to be made.

    resource: ``role/path/name`` of the ARN that the function has. referred: what the code refers to instead of an ARN,
    ``aws_iam_role.app.arn`` or ``AppRole.Arn``.
    """
    name = role_name(resource)
    in_code = name or (referred.rpartition(".")[0] or referred).rpartition(".")[2]
    facts: dict[str, Text] = {"role": in_code} if in_code else {}
    if in_code:
        facts["role_label"] = re.sub(r"^(?=[^A-Za-z_])|[^A-Za-z0-9_-]", "_", in_code)
        facts["role_logical_id"] = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", in_code))
        facts["role_name"] = in_code
        facts["role_path"] = resource.removeprefix("role").removesuffix(name) if name else "/"
    return facts
