"""RC206: not everybody with the permission may delete an execution role.

Asks whether the service control policies of the organization let a principal that they do not name delete the execution
roles. Fails when they do, or when there are none. Cannot know without access to AWS Organizations. A permissions
boundary on whoever deploys would do as well, and is not looked at: who deploys is not known.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam import Decision, PolicyError, Request, evaluate
from rolecall.model import Document, Inventory, Role
from rolecall.rules.execution_role import partition_of
from rolecall.unknown import Unknown, text

_ANYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
_SOMEBODY = ":role/rolecall-made-up"


def of_account(inventory: Inventory) -> Verdict:
    roles = [role for role, _ in inventory.execution_roles]
    if not roles and inventory.unread_part("functions") is None:
        return not_applicable("No function of the account has a role that is known.")
    levels = inventory.service_control_policies
    if isinstance(levels, Unknown):
        return unknown(
            f"Whether a service control policy keeps roles from being deleted is not known: {levels.reason}."
        )
    try:
        decisions = [(role, _deletes(role, levels)) for role in roles]
    except PolicyError as fault:
        return unknown(f"A service control policy cannot be read as a policy: {fault}.")
    open_to_all = [role.label for role, decision in decisions if decision.allowed]
    if open_to_all:
        shown = ", ".join(open_to_all[:3]) + (f" and {len(open_to_all) - 3} more" if len(open_to_all) > 3 else "")
        return failed(
            f"No service control policy keeps {shown} from being deleted by whoever has the permission in the account.",
            account=roles[0].resource.account,
        )
    unread = inventory.unread_part("functions")
    if unread is not None:
        return unknown(f"Whether all execution roles are kept from being deleted is not known: {unread.reason}.")
    unsure = [role.label for role, decision in decisions if decision.allowed is None]
    if unsure:
        return unknown(f"Whether a service control policy keeps {unsure[0]} from being deleted is not known.")
    return passed("The service control policies keep execution roles from being deleted by anybody they do not name.")


check = of_account


def _deletes(role: Role, levels: tuple[tuple[Document, ...], ...]) -> Decision:
    account = role.resource.account
    somebody = text("arn:", partition_of(role), ":iam::", account, _SOMEBODY)
    request = Request(somebody, "iam:DeleteRole", role.resource.arn, account)
    return evaluate(request, [_ANYTHING], service_control_policies=levels or None)
