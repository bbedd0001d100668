"""RC303: the EventBridge rules that target a function may invoke it.

Fails when the policy of the function, or of the alias or version that is the target, does not let events.amazonaws.com
invoke it for the rule's ARN.
Cannot know when the function or a value of its policy is not known, when a statement asks for aws:SourceAccount, or
when the target names a role.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless

KIND = "eventbridge_rule"
_ROLE = "The target names a role; whether EventBridge uses it for a function is not documented."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    verdict = by_resource_policy(invoker, inventory)
    return verdict if invoker.role is None else unless(_ROLE, verdict)
