"""RC128: the execution role of a function with active tracing may send traces to X-Ray.

Fails when it may not. Cannot know when a policy, or the tracing mode, is not known.
"""

from rolecall.findings import Verdict, not_applicable, unknown
from rolecall.model import Function, Inventory
from rolecall.rules.needs import can, for_function, need
from rolecall.unknown import Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    if isinstance(function.tracing, Unknown):
        return unknown(f"Whether {function.label} traces is not known: {function.tracing.reason}.")
    if not function.tracing:
        return not_applicable(f"{function.label} does not trace.")
    # https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
    sends = need("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords", context=for_function(function))
    return can(function, [sends], "may send traces to X-Ray", "its traces are lost")
