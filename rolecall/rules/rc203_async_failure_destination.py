"""RC203: events of asynchronous triggers that the function fails on are kept.

Fails for a function with such a trigger that has neither a dead-letter target nor an on-failure destination: after two
retries the event is gone. Cannot know when the destinations are not known. In an account whatever invoked the function
asynchronously in the last two weeks is a trigger too; cannot know when a trigger of a kind that was not read may be
there.
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam.match import match
from rolecall.invocation import ASYNCHRONOUS
from rolecall.model import Destination, Function, Inventory
from rolecall.rules.in_code import function_facts
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of


def check(function: Function, inventory: Inventory) -> Verdict:
    triggers = list(_triggers(function, inventory))
    unread = _unread(function, inventory)
    if not triggers and unread is None:
        return not_applicable(_nothing(function))
    if isinstance(function.destinations, Unknown):
        return unknown(f"The destinations of {function.label} are not known: {function.destinations.reason}.")
    unsure = [destination.target for destination in function.destinations if destination.purpose == "destination"]
    if unsure:
        return unknown(f"The destinations of {function.label} are not known: {unsure[0]}.")
    if any(destination.purpose == "dead-letter target" for destination in function.destinations):
        return passed(f"{function.label} keeps the events of its asynchronous triggers that it fails on.")
    lost = None
    for what, qualifier, certain in triggers:
        kept = any3(_keeps(destination, qualifier) for destination in function.destinations)
        if kept is False and not certain and any(map(_of_failures, function.destinations)):
            kept = None
        if kept is None:
            return unknown(f"Whether {function.label} keeps what {what} sends is not known.")
        lost = lost or (None if kept else (what, qualifier))
    if lost is not None and function.more_destinations is not None:
        return unknown(f"The destinations of {function.label} are not known: {function.more_destinations.reason}.")
    if lost is not None:
        return failed(
            f"{function.label} has neither a dead-letter target nor an on-failure destination: what {lost[0]} "
            "sends is gone when the function fails on it three times.",
            qualifier=(lost[1] or "$LATEST") if isinstance(lost[1], str) else "$LATEST",
            **function_facts(function),
        )
    if unread is not None:
        return unknown(f"What else invokes {function.label} asynchronously is not known: {unread.reason}.")
    return passed(f"{function.label} keeps the events of its asynchronous triggers that it fails on.")


def _triggers(function: Function, inventory: Inventory) -> Iterator[tuple[str, Text, bool]]:
    """What invokes the function asynchronously, for a sentence; the qualifier that it calls; whether that is certain.

    AWS documents no more of the metrics than that one is for each alias and version: an event may count for the
    function itself as well.
    """
    called: set[Text] = set()
    for kind in ASYNCHRONOUS:
        for invoker in inventory.invokers_of(function, kind):
            found = inventory.called_by(invoker)
            qualifier = _own(found[1]) if found else ""
            called.add(qualifier)
            yield invoker.inside, qualifier, True
    for qualifier in map(_own, function.got_events if isinstance(function.got_events, tuple) else ()):
        if qualifier not in called and not (called and isinstance(qualifier, Unknown)):
            yield "an unknown caller, who invoked it asynchronously in the last two weeks,", qualifier, False


def _own(qualifier: Text) -> Text:
    """A qualifier; $LATEST is the function itself, and has the same configuration."""
    return "" if qualifier == "$LATEST" else qualifier


def _unread(function: Function, inventory: Inventory) -> Unknown | None:
    """Why there may be other triggers."""
    if isinstance(function.got_events, Unknown):
        return function.got_events
    return inventory.unread_invokers(function, *ASYNCHRONOUS)


def _nothing(function: Function) -> str:
    if function.got_events is None:
        return f"No asynchronous trigger of {function.label} is in this configuration."
    return (
        f"Neither bucket, topic, rule, log group nor IoT rule is wired to {function.label}, and nothing invoked it "
        "asynchronously in the last two weeks."
    )


def _keeps(destination: Destination, qualifier: Text) -> Tri:
    """Whether a destination is for the failures of what is called."""
    return _of_failures(destination) and match(parts_of(destination.qualifier), qualifier, wildcards=False)


def _of_failures(destination: Destination) -> bool:
    return destination.purpose == "on-failure destination"
