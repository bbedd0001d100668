"""RC203: events of asynchronous triggers that the function fails on are kept.

Fails for a function with such a trigger that has neither a dead-letter target nor an on-failure destination: after two
retries the event is gone. Cannot know when the destinations are not known.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.invocation import ASYNCHRONOUS
from rolecall.model import Function, Inventory
from rolecall.unknown import Unknown

_KEEPS = ("dead-letter target", "on-failure destination")


def check(function: Function, inventory: Inventory) -> Verdict:
    triggers = [invoker for kind in ASYNCHRONOUS for invoker in inventory.invokers_of(function, kind)]
    if not triggers:
        return not_applicable(f"No asynchronous trigger of {function.label} is in this configuration.")
    if isinstance(function.destinations, Unknown):
        return unknown(f"The destinations of {function.label} are not known: {function.destinations.reason}.")
    kept = next((destination for destination in function.destinations if destination.purpose in _KEEPS), None)
    if kept is not None:
        return passed(f"{function.label} keeps events that it fails on: it has the {kept.purpose} {kept.target}.")
    unread = [destination.target for destination in function.destinations if destination.purpose == "destination"]
    if unread:
        return unknown(f"The destinations of {function.label} are not known: {unread[0]}.")
    return failed(
        f"{function.label} has neither a dead-letter target nor an on-failure destination: what {triggers[0].what} "
        "sends is gone when the function fails on it three times.",
        function_name=function.resource.name,
        function_address=function.resource.address,
    )
