"""RC102: the execution role is given by the ARN of an IAM role that the function can use.

Fails for text that is no ARN, an ARN of something other than an IAM role, and a role of another partition or account:
Lambda takes only roles of its own account.
Cannot know when the ARN, or the account it must be compared with, is not known.
"""

from rolecall.arn import ACCOUNT_ID, PARTITIONS, Arn, parse_arn
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.unknown import PartlyKnown, Text, Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    given = function.role.arn
    if isinstance(given, Unknown):
        if isinstance(function.role.role, Role) and function.role.role.declared:
            return passed(f"{function.label} takes its role's ARN from {function.role.role.resource.address}.")
        if not isinstance(given, PartlyKnown):
            return unknown(f"The role ARN of {function.label} is not known: {given.reason}.")
    fault = _fault(given, function)
    if fault:
        return failed(
            f"{function.label} cannot use {given} as its execution role: {fault}.",
            function_name=function.resource.name,
            given=given,
        )
    if isinstance(given, Unknown):
        return unknown(f"The role ARN of {function.label} is known only in part: {given.reason}.")
    account = parse_arn(given).account  # type: ignore[union-attr]  # _fault has parsed it
    if isinstance(function.resource.account, Unknown):
        if isinstance(function.role.role, Role) and function.role.role.resource.account == function.resource.account:
            return passed(f"{function.label}'s role ARN is that of {function.role.role.resource.address}.")
        return unknown(f"Whether {account} is the account of {function.label} is not known.", f"role ARN {given}")
    return passed(f"{function.label}'s role ARN is that of a role in its own account, {account}.")


def _fault(given: Text, function: Function) -> str:
    """What is certainly wrong with the ARN; empty when nothing is."""
    if isinstance(given, Unknown):
        start = given.parts[0] if isinstance(given, PartlyKnown) else ""
        return "it is no ARN" if isinstance(start, str) and start and not "arn:".startswith(start[:4]) else ""
    arn = parse_arn(given)
    if arn is None:
        return "it is no ARN"
    return _fault_in(arn, function)


def _fault_in(arn: Arn, function: Function) -> str:
    own_account, own_partition = function.resource.account, function.partition
    name = arn.resource.rsplit("/", 1)[-1]
    if arn.service == "sts":
        return "it names a session (assumed-role), not the role itself"
    faults = {
        f"it is an ARN of {arn.service}, not of iam": arn.service != "iam",
        f"it names a {arn.resource.split('/')[0]}, not a role": not arn.resource.startswith("role/") or not name,
        f"it has the region {arn.region}; IAM roles have none": bool(arn.region),
        f"{arn.account or 'an empty account'} is not an account ID of 12 digits": not ACCOUNT_ID.fullmatch(arn.account),
        f"{arn.partition} is not a partition of AWS": arn.partition not in PARTITIONS,
        f"the function is in partition {own_partition}": isinstance(own_partition, str)
        and arn.partition != own_partition,
        f"the function is in account {own_account}, and Lambda takes only roles of its own account": isinstance(
            own_account, str
        )
        and arn.account != own_account,
    }
    return next((fault for fault, found in faults.items() if found), "")
