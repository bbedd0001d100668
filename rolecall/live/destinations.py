"""Where functions send what asynchronous invocations made or failed on.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html (one call a function, so
that only those are asked about which something invokes asynchronously, or did of late).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rolecall.invocation import ASYNCHRONOUS
from rolecall.live.asynchronous import ASYNC_EVENTS
from rolecall.live.calls import Aws, CallFailed
from rolecall.live.parts import Named
from rolecall.live.place import Place
from rolecall.model import Destination, Function, Inventory
from rolecall.unknown import Text, Unknown, known

_PURPOSES = {"OnFailure": "on-failure destination", "OnSuccess": "on-success destination"}


def with_destinations(
    aws: Aws, places: Mapping[str, Place], inventory: Inventory, named: Iterable[Named]
) -> dict[str, Function]:
    """The functions with their destinations, and by which qualifiers asynchronous events reached them of late.

    inventory: has the functions, what invokes them and what could not be read. named: the parts gave.
    """
    recent: dict[tuple[str, str], list[Text]] = {}
    for item in named:
        if item.part == ASYNC_EVENTS:
            recent.setdefault((item.region, item.name), []).append(item.qualifier)
    functions = {}
    for key, function in inventory.functions.items():
        resource = function.resource
        unread = inventory.unread_invokers(function, ASYNC_EVENTS)
        events = tuple(recent.get((str(resource.region), str(resource.name)), ()))
        functions[key] = replace(function, got_events=unread or events)
    invoked = [key for key, function in functions.items() if _is_invoked(function, inventory)]

    def of(key: str) -> tuple[Destination, ...] | Unknown:
        return _read(places[str(functions[key].resource.region)], functions[key])

    read = aws.in_parallel("lambda:ListFunctionEventInvokeConfigs", of, invoked)
    return {key: _with(function, read.get(key, ()), inventory) for key, function in functions.items()}


def _is_invoked(function: Function, inventory: Inventory) -> bool:
    triggered = any(inventory.invokers_of(function, kind) for kind in ASYNCHRONOUS)
    return triggered or (isinstance(function.got_events, tuple) and bool(function.got_events))


def _with(function: Function, read: tuple[Destination, ...] | Unknown, inventory: Inventory) -> Function:
    if isinstance(read, Unknown):
        return replace(function, more_destinations=read)
    if not _is_invoked(function, inventory):
        return replace(function, more_destinations=inventory.unread_invokers(function, ASYNC_EVENTS, *ASYNCHRONOUS))
    return replace(function, destinations=(*known(function.destinations), *read))


def _read(place: Place, function: Function) -> tuple[Destination, ...] | Unknown:
    try:
        return tuple(_destinations(place, str(function.resource.name)))
    except CallFailed as failure:
        return () if failure.gone else failure.unread


def _destinations(place: Place, name: str) -> Iterator[Destination]:
    for page in place.pages("lambda", "list_function_event_invoke_configs", FunctionName=name):
        for config in page.get("FunctionEventInvokeConfigs") or ():
            qualifier = ":".join(str(config.get("FunctionArn", "")).split(":")[7:])
            for kind, purpose in _PURPOSES.items():
                target = ((config.get("DestinationConfig") or {}).get(kind) or {}).get("Destination")
                if target:
                    yield Destination(purpose, target, "" if qualifier == "$LATEST" else qualifier)
