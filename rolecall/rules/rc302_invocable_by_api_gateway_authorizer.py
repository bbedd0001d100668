"""RC302: API Gateway may invoke the functions that authorize requests to its APIs.

Fails when the policy of the function, or of the alias or version that is called, does not let apigateway.amazonaws.com
invoke it for the authorizer's ARN, which has no stage; where the authorizer names a role, when API Gateway cannot
assume it, or the role may not invoke the function.
Cannot know when the function, the role or a value of a policy is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy
from rolecall.rules.invoker_role import by_role, with_policy_remedy

KIND = "api_gateway_authorizer"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if invoker.role is not None:
        return with_policy_remedy(by_role(invoker, inventory))
    return by_resource_policy(invoker, inventory)
