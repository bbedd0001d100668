"""RC325: Firehose may invoke the functions that process its records.

Fails when firehose.amazonaws.com cannot assume the role of the destination, or of the processor, or when neither that
role's policies nor the function's own let it invoke the function, or the very alias or version that is called.
The processor often names FUNCTION_ARN:$LATEST, which a policy for FUNCTION_ARN does not cover.
Cannot know when the role, the function or a policy of either is not known.
"""

from rolecall.findings import Verdict
from rolecall.model import Inventory, Invoker
from rolecall.rules.invoker_role import by_role

KIND = "firehose_processor"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    return by_role(invoker, inventory)
