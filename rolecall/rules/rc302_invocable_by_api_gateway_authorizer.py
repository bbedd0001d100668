"""RC302: API Gateway may invoke the functions that authorize requests to its APIs.

Fails when the policy of the function, or of the alias or version that is called, does not let apigateway.amazonaws.com
invoke it for the authorizer's ARN, which has no stage.
Cannot know when the function or a value of its policy is not known, or when the authorizer names a role.
"""

from rolecall.findings import Verdict, unknown
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy

KIND = "api_gateway_authorizer"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if invoker.role is not None:
        return unknown(f"{invoker.what} is called with a role, so its policies decide: {invoker.role}.")
    return by_resource_policy(invoker, inventory)
