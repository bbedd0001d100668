"""RC102: the execution role is given by the ARN of an IAM role that the function can use.

Fails for text that is no ARN, an ARN of something other than an IAM role, and a role of another partition or account:
Lambda takes only roles of its own account.
Cannot know when the ARN, or the account it must be compared with, is not known.
"""

from rolecall.arn import ACCOUNT_ID, PARTITIONS, Arn, parse_arn
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam.match import match
from rolecall.model import Function, Inventory, Role
from rolecall.unknown import Text, Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    given, role = function.role.arn, function.role.role
    if function.role.attribute != "arn":
        return _failed(
            function, f"the {function.role.attribute} of {function.role.note}", "Lambda wants the role's ARN"
        )
    if isinstance(given, str):
        arn = parse_arn(given)
        fault = _fault(arn, function) if arn else "it is no ARN"
        if fault:
            return _failed(function, given, fault)
        account: Text = arn.account if arn else ""
    elif isinstance(role, Role):
        account = role.resource.account
    elif role is None:
        return unknown(f"The role ARN of {function.label} is not known: {function.role.note}.")
    else:
        return _known_in_part(function, given)
    if account == function.resource.account:
        return passed(f"The execution role of {function.label} is given by the ARN of a role in its own account.")
    if isinstance(account, Unknown) or isinstance(function.resource.account, Unknown):
        missing = next(v.reason for v in (account, function.resource.account) if isinstance(v, Unknown))
        return unknown(
            f"Whether the role of {function.label}, {given}, is one of its own account is not known: {missing}."
        )
    return _failed(function, str(given), _foreign(function))


def _known_in_part(function: Function, given: Unknown) -> Verdict:
    """The verdict on an ARN of which some parts are known, perhaps none."""
    right = match(("arn:*:iam::", function.resource.account, ":role/?*"), given)
    if right:
        return passed(f"The execution role of {function.label} is given by the ARN of a role in its own account.")
    if right is False:
        return _failed(function, str(given), "whatever its unknown parts are, it is no role of the function's account")
    return unknown(f"The role ARN of {function.label} is not known: {given.reason}.")


def _failed(function: Function, given: str, fault: str) -> Verdict:
    return failed(
        f"{function.label} cannot use {given} as its execution role: {fault}.",
        function_name=function.resource.name,
        function_key=function.resource.address,
        given=given,
        sam_address=function.resource.sam_address,
    )


def _foreign(function: Function) -> str:
    return f"the function is in account {function.resource.account}, and Lambda takes only roles of its own account"


def _fault(arn: Arn, function: Function) -> str:
    """What is certainly wrong with an ARN; empty when nothing is."""
    if arn.service == "sts":
        return "it names a session (assumed-role), not the role itself"
    kind, _, name = arn.resource.partition("/")
    own_account, own_partition = function.resource.account, function.partition
    foreign = isinstance(own_account, str) and arn.account != own_account
    elsewhere = isinstance(own_partition, str) and arn.partition != own_partition
    faults = {
        f"it is an ARN of {arn.service}, not of iam": arn.service != "iam",
        f"it names {kind}/{name}, not a role": kind != "role" or not name,
        f"it has the region {arn.region}, and IAM roles have none": bool(arn.region),
        f"{arn.account or 'nothing'} is not an account ID of 12 digits": not ACCOUNT_ID.fullmatch(arn.account),
        f"{arn.partition} is not a partition of AWS": arn.partition not in PARTITIONS,
        f"the function is in the partition {own_partition}": elsewhere,
        _foreign(function): foreign,
    }
    return next((fault for fault, found in faults.items() if found), "")
