"""RC331: the Connect instances that a function is associated with may invoke it.

Fails in an account when the policy of the function, or of the alias or version that is associated, does not let
connect.amazonaws.com in for the instance.
Cannot know from code without a statement for it: the association is what lets the instance call the function.
Sources: https://repost.aws/knowledge-center/connect-lambda-function-failures,
https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateLambdaFunction.html
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless_in_code

KIND = "connect_instance"
_GRANTS = "The association itself lets the instance call the function; what it adds to the policy is not documented."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return unless_in_code(_GRANTS, invoker, by_resource_policy(invoker, inventory))
