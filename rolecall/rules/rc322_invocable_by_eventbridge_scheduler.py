"""RC322: EventBridge Scheduler may invoke the functions that schedules target.

Fails when scheduler.amazonaws.com cannot assume the schedule's role or when neither that role's policies nor the
function's own let it invoke the function, or the very alias or version that is called.
Cannot know when the role, the function or a policy of either is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invoker_role import by_role

KIND = "eventbridge_scheduler"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return by_role(invoker, inventory)
