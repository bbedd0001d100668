"""RC203: events of asynchronous triggers that the function fails on are kept.

Fails for a function with such a trigger that has neither a dead-letter target nor an on-failure destination: after two
retries the event is gone. Cannot know when the destinations are not known.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam.match import match
from rolecall.invocation import ASYNCHRONOUS
from rolecall.model import Destination, Function, Inventory
from rolecall.rules.in_code import function_facts
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of


def check(function: Function, inventory: Inventory) -> Verdict:
    triggers = [invoker for kind in ASYNCHRONOUS for invoker in inventory.invokers_of(function, kind)]
    if not triggers:
        return not_applicable(f"No asynchronous trigger of {function.label} is in this configuration.")
    if isinstance(function.destinations, Unknown):
        return unknown(f"The destinations of {function.label} are not known: {function.destinations.reason}.")
    unread = [destination.target for destination in function.destinations if destination.purpose == "destination"]
    if unread:
        return unknown(f"The destinations of {function.label} are not known: {unread[0]}.")
    lost = None
    for trigger in triggers:
        called = inventory.called_by(trigger)
        kept = any3(_keeps(destination, called[1] if called else "") for destination in function.destinations)
        if kept is None:
            return unknown(f"Whether {function.label} keeps what {trigger.inside} sends is not known.")
        lost = lost or (None if kept else trigger)
    if lost is None:
        return passed(f"{function.label} keeps the events of its asynchronous triggers that it fails on.")
    return failed(
        f"{function.label} has neither a dead-letter target nor an on-failure destination: what {lost.inside} "
        "sends is gone when the function fails on it three times.",
        **function_facts(function),
    )


def _keeps(destination: Destination, qualifier: Text) -> Tri:
    """Whether a destination is for the failures of what is called. The dead-letter target is for all of them."""
    if destination.purpose == "on-failure destination":
        return match(parts_of(destination.qualifier), qualifier, wildcards=False)
    return destination.purpose == "dead-letter target"
