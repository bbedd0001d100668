"""``events`` of functions as CloudFormation resources: what fires, and the permission to call.

One module for each family of events, each with the table of its kinds. Those of HTTP interfaces are compiled interface
by interface, all others kind by kind, since functions share topics, buckets and pools.
Source: https://www.serverless.com/framework/docs/providers/aws/guide/events
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from rolecall.iac.serverless.events import (
    edge,
    eventbridge,
    http_api,
    notifications,
    rest_api,
    sources,
    triggers,
    websocket_api,
)
from rolecall.iac.serverless.service import Function, items, table
from rolecall.iac.serverless.stack import Compile, Stack

EVENTS: Mapping[str, Compile] = {
    **eventbridge.EVENTS,
    **notifications.EVENTS,
    **sources.EVENTS,
    **triggers.EVENTS,
    **edge.EVENTS,
}
APIS = {"http": rest_api.add, "httpApi": http_api.add, "websocket": websocket_api.add}


def add_events(stack: Stack) -> None:
    """Everything that events make."""
    for kind, add_api in APIS.items():
        stack.making = f"the {kind} event"
        add_api(stack)
    for kind, compiled in EVENTS.items():
        stack.making = f"the {kind} event"
        for function in stack.service.functions:
            compiled(stack, function)
    stack.making = ""


def unread_event(function: Function) -> str:
    """Why a function may be called in ways that are not seen here; empty: it is not."""
    kinds = chain.from_iterable(table(event) for event in items(function.settings.get("events")))
    foreign = next((kind for kind in kinds if kind not in EVENTS and kind not in APIS), "")
    return function.unknown_events or (f"the event {foreign} is that of a plug-in" if foreign else "")
