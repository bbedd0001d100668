"""RC301: API Gateway may invoke the functions that its methods and routes are integrated with.

Fails when the policy of the function, or of the alias or version that is called, does not let apigateway.amazonaws.com
invoke it for the API, method and path, on any stage that is declared; where the integration names a role, when API
Gateway cannot assume it, or the role may not invoke the function.
Cannot know when the function, a path, the role or a value of a policy is not known, when a statement covers some stages
or methods only or names a variable in the path of a REST API, or when whoever calls the API calls the function.
"""

from rolecall.findings import Verdict, unknown
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy
from rolecall.rules.invoker_role import by_role, with_policy_remedy

KIND = "api_gateway"
CALLER = ":iam::*:user/*"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if str(invoker.role).endswith(CALLER):
        return unknown(f"{invoker.what} is called as whoever calls the API, whose own policies decide.")
    if invoker.role is not None:
        return with_policy_remedy(by_role(invoker, inventory))
    return by_resource_policy(invoker, inventory)
