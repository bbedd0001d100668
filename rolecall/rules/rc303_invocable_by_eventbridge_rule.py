"""RC303: the EventBridge rules that target a function may invoke it.

Fails when the policy of the function, or of the alias or version that is the target, does not let events.amazonaws.com
invoke it for the rule's ARN, and no role that the target names can invoke it either. A function of another account
needs the role: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html.
Cannot know when the function or a value of its policy is not known, when a statement asks for aws:SourceAccount, or
when only the role that the target names may invoke the function: AWS asks not to name one for functions, and does not
say whether EventBridge uses it (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
"""

from rolecall.findings import Status, Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless
from rolecall.rules.invoker_role import by_role, with_policy_remedy

KIND = "eventbridge_rule"
_ROLE = "The target names a role; whether EventBridge uses it for a function is not documented."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    verdict = by_resource_policy(invoker, inventory)
    if invoker.role is None:
        return verdict
    with_role = by_role(invoker, inventory)
    if _across_accounts(invoker, inventory):
        return with_policy_remedy(with_role)
    if verdict.status is Status.FAIL and with_role.status is Status.FAIL:
        return Verdict(Status.FAIL, f"{verdict.message} Nor does the role help: {with_role.message}",
                       (*verdict.evidence, *with_role.evidence), verdict.facts)  # fmt: skip
    return unless(_ROLE, verdict)


def _across_accounts(invoker: Invoker, inventory: Inventory) -> bool:
    """Whether the function is certainly of another account than the rule."""
    found, own = inventory.called_by(invoker), invoker.resource.account
    other = found[0].resource.account if found else own
    return isinstance(own, str) and isinstance(other, str) and own != other
