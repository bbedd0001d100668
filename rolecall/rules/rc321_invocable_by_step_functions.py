"""RC321: Step Functions may invoke the functions that a state machine calls.

Fails when states.amazonaws.com cannot assume the state machine's role, or the role that a state names in its
credentials, or when neither that role's policies nor the function's own let it invoke the function, or the very alias
or version that is called.
The state machine's role assumes the one that a state names.
Cannot know when the definition, the role, the function or a policy of either is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invoker_role import by_role

KIND = "step_functions"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return by_role(invoker, inventory)
