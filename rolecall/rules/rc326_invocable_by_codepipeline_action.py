"""RC326: CodePipeline may invoke the functions that its actions call.

Fails when codepipeline.amazonaws.com cannot assume the role of the action, or of the pipeline where the action has
none, or when neither that role's policies nor the function's own let it invoke the function, or the very alias or
version that is called.
The pipeline's role assumes the action's.
Cannot know when the role, the function or a policy of either is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invoker_role import by_role

KIND = "codepipeline_action"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return by_role(invoker, inventory)
