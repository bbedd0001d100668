"""RC318: the VPC Lattice target groups that hold a function may invoke it.

Never fails: VPC Lattice adds the permission itself when the function is registered. Passes when the policy in the code
lets vpc-lattice.amazonaws.com in.
Source: https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, unless

KIND = "vpc_lattice"
_GRANTS = "VPC Lattice adds the permission itself when the function is registered, if whoever deploys may."


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return unless(_GRANTS, by_resource_policy(invoker, inventory))
