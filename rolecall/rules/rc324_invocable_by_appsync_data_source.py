"""RC324: AppSync may invoke the functions that its data sources call.

Fails when appsync.amazonaws.com cannot assume the data source's role or when neither that role's policies nor the
function's own let it invoke the function, or the very alias or version that is called.
Cannot know when the role, the function or a policy of either is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invoker_role import by_role

KIND = "appsync_data_source"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return by_role(invoker, inventory)
