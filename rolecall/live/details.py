"""What is asked for once functions and invokers are known: what functions send to, read from, write to and mount."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rolecall.live.attributes import KEY_ACTIONS, ROWS
from rolecall.live.calls import Aws, Problem
from rolecall.live.destinations import with_destinations
from rolecall.live.file_systems import with_file_systems
from rolecall.live.logs import LOG_GROUPS
from rolecall.live.needs import DESTINATIONS, FILE_SYSTEMS, REDRIVES, SOURCES, TARGETS
from rolecall.live.parts import Named
from rolecall.live.place import Place
from rolecall.live.targets import Targets, read_targets
from rolecall.model import Destination, EventSourceMapping, Function, Inventory, Target
from rolecall.unknown import Text, Unknown, known

_OF_TARGETS = ("events", "lambda", "s3", "sns", "sqs")
_OF_SOURCES = ("dynamodb", "kafka", "kinesis", "secretsmanager", "sqs")
ACTIONS: Mapping[str, tuple[str, ...]] = {
    DESTINATIONS: ("lambda:ListFunctionEventInvokeConfigs",),
    TARGETS: (*(action for service in _OF_TARGETS for action in ROWS[service].actions), *KEY_ACTIONS),
    SOURCES: (*(action for service in _OF_SOURCES for action in ROWS[service].actions), *KEY_ACTIONS),
    REDRIVES: ROWS["sqs"].actions,
    FILE_SYSTEMS: ("elasticfilesystem:DescribeAccessPoints", "elasticfilesystem:DescribeFileSystemPolicy"),
}
"""The IAM actions that each need takes."""


@dataclass(frozen=True)
class Details:
    """functions: with their details, by key. targets: of destinations and mappings. unread: what was not told."""

    functions: Mapping[str, Function]
    targets: tuple[Target, ...] = ()
    unread: tuple[object, ...] = ()


def read_details(
    aws: Aws, places: Mapping[str, Place], inventory: Inventory, named: Iterable[Named], needs: Collection[str]
) -> Details:
    """inventory: functions, what invokes them, and what could not be read. named: what parts gave by name."""
    named = set(named)
    functions = dict(inventory.functions)
    if DESTINATIONS in needs:
        functions = with_destinations(aws, places, inventory, named)
    if LOG_GROUPS in needs:
        functions = {key: _with_log_group(function, inventory, named) for key, function in functions.items()}
    if FILE_SYSTEMS in needs:
        functions |= with_file_systems(aws, places, functions.values())
    targets = Targets()
    place = next(iter(places.values()), None)
    if place and not {TARGETS, SOURCES, REDRIVES}.isdisjoint(needs):
        arns = [arn for function in functions.values() for arn in _arns(function, needs) if isinstance(arn, str)]
        targets = read_targets(aws, place, arns, keys=TARGETS in needs or SOURCES in needs)
        functions = {key: _with_sources(function, targets) for key, function in functions.items()}
    return Details(functions, tuple(targets.by_arn.values()), tuple(_unread(functions.values(), targets, inventory)))


def other_functions(problems: Iterable[Problem], some: bool) -> dict[tuple[str, str], Unknown]:
    """Why there may be more functions in the account than the inventory has, as ``Inventory.unread``.

    problems: of the listings of functions. some: only some were asked for.
    """
    reasons = [problem.message for problem in problems]
    if some:
        reasons.append("only some functions of the account were asked for")
    return {("functions", ""): Unknown("; ".join(reasons))} if reasons else {}


def _with_log_group(function: Function, inventory: Inventory, named: Collection[Named]) -> Function:
    region, group = str(function.resource.region), str(function.log_group)
    exists: bool | Unknown = Named(LOG_GROUPS, region, group) in named
    unread = inventory.unread_part(LOG_GROUPS, region)
    return replace(function, log_group_exists=unread if unread and not exists else exists)


def _arns(function: Function, needs: Collection[str]) -> Iterator[Text]:
    """What the rules need to know of the targets and sources of a function."""
    mappings = known(function.event_source_mappings)
    if TARGETS in needs:
        failures = (mapping.on_failure for mapping in mappings)
        for destination in (*known(function.destinations), *failures):
            if isinstance(destination, Destination):
                yield destination.target
    for mapping in mappings:
        if mapping.source is not None and (SOURCES in needs or (REDRIVES in needs and mapping.service == "sqs")):
            yield mapping.source
            yield _stream(mapping.source)
        if SOURCES in needs:
            yield from mapping.secrets


def _with_sources(function: Function, targets: Targets) -> Function:
    """The function whose mappings know the queue's redrive policy and the key of the source."""
    if isinstance(function.event_source_mappings, Unknown):
        return function
    return replace(
        function, event_source_mappings=tuple(_with_source(m, targets) for m in known(function.event_source_mappings))
    )


def _with_source(mapping: EventSourceMapping, targets: Targets) -> EventSourceMapping:
    source = targets.by_arn.get(str(_stream(mapping.source))) if mapping.source is not None else None
    if source is None:
        return mapping
    return replace(mapping, redrive=targets.redrives.get(str(mapping.source), mapping.redrive), key=source.key)


def _stream(source: Text) -> Text:
    """The stream that a consumer with fan-out reads; any other source itself."""
    return source.partition("/consumer/")[0] if isinstance(source, str) else source


def _unread(functions: Iterable[Function], targets: Targets, inventory: Inventory) -> Iterator[object]:
    """What was not told, each once: what a part did not find is told of it."""
    parts = set(inventory.unread.values())
    for function in functions:
        if function.more_destinations not in parts:
            yield function.more_destinations
        for system in known(function.file_systems):
            yield system.policies
    for target in targets.by_arn.values():
        yield target.policies if isinstance(target.policies, Unknown) else target.key
