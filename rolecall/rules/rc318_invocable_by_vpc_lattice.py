"""RC318: the VPC Lattice target groups that hold a function may invoke it.

Fails in an account when the policy of the function, or of the alias or version in the group, does not let
vpc-lattice.amazonaws.com in for the target group.
Cannot know from code without a statement for it: VPC Lattice adds one itself when the function is registered.
Source: https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless_in_code

KIND = "vpc_lattice"
_GRANTS = "VPC Lattice adds the permission itself when the function is registered, if whoever deploys may."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return unless_in_code(_GRANTS, invoker, by_resource_policy(invoker, inventory))
