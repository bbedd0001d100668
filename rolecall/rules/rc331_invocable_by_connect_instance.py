"""RC331: the Connect instances that a function is associated with may invoke it.

Never fails: the association is what lets the instance call the function. Passes when the policy in the code lets
connect.amazonaws.com in.
Source: https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateLambdaFunction.html
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless

KIND = "connect_instance"
_GRANTS = "The association itself lets the instance call the function; what it adds to the policy is not documented."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return unless(_GRANTS, by_resource_policy(invoker, inventory))
