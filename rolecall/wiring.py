"""What is wired to each function: what invokes it, with which role it runs, what it reads and where it sends.

A finding folds the verdicts on all invokers of a kind; here the rules are asked once more, edge by edge. It is the
event ``wiring`` of ``docs/trace.md``, and no host knows its shape.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Optional, TypeVar

from rolecall.arn import parse_arn, role_name, thing_of
from rolecall.findings import GRAVEST_FIRST, Status, or_none, resource_record
from rolecall.invocation import SERVICES
from rolecall.model import Destination, Function, Inventory, Resource, Role
from rolecall.model.remembered import forget
from rolecall.rules import load_rules, rules_for, with_settings
from rolecall.rules.judges import Judges, Told
from rolecall.trace import UNTAGGED, Tags, event_record
from rolecall.unknown import Text, Unknown, known, named, parts_of

MOST = 50  # edges of one kind in a line
_AT_A_TIME = 500  # functions of an account of which parsed policies are remembered
_ON_ROLE, _AT_THE_EDGE = ("RC101", "RC102", "RC103"), ("RC104",)  # whether Lambda can use the role
_READS, _POLLS, _SENDS = "RC126", "RC201", "RC127"
_BROKERS = "A Kafka cluster outside AWS"


@dataclass(frozen=True)
class RoleEdge:
    """The execution role. address: in code, what it is declared or referred to as.

    state: ``there``, ``missing``, or ``unknown``. status, here and of the others: what the gravest of the rules says
    that ran; ``None``: none says anything. rules: those that say so, unless it is PASS.
    """

    name: Optional[str]
    arn: Optional[str]
    address: Optional[str]
    state: str
    status: Optional[Status]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class InvokerEdge:
    """What calls the function. rule: the one on this kind. role: name of the role that the service calls with."""

    kind: str
    what: str
    rule: str
    status: Optional[Status]
    message: Optional[str]
    role: Optional[str]


@dataclass(frozen=True)
class SourceEdge:
    """What Lambda polls for the function. service: as in ``EventSourceMapping``; ``None``: not known."""

    service: Optional[str]
    what: str
    arn: Optional[str]
    status: Optional[Status]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class DestinationEdge:
    """Where Lambda sends what the function made or failed on. purpose: as in ``Destination``."""

    purpose: str
    what: str
    arn: Optional[str]
    status: Optional[Status]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Wiring:
    """A function with its edges: of each kind the gravest first, and at most ``MOST``.

    more: whether there may be more invokers: in an account, where not all kinds of them were read to the end.
    left_out: how many edges are not here, by the field that they belong to.
    """

    function: Resource
    role: RoleEdge
    invokers: tuple[InvokerEdge, ...]
    sources: tuple[SourceEdge, ...]
    destinations: tuple[DestinationEdge, ...]
    more: bool
    left_out: Mapping[str, int] = field(default_factory=dict)


def events(
    host: str, inventory: Inventory, rules: Collection[str], tags: Tags = UNTAGGED, told: Told | None = None
) -> Iterator[dict[str, Any]]:
    """The lines of the trace, made as they are asked for. rules, told: as for ``wirings``.

    A function of which it cannot be told loses no other: it is ``unread``.
    """
    for wiring in wirings(inventory, rules, told):
        if isinstance(wiring, str):
            yield event_record("unread", host=host, what=wiring)
        else:
            own = tags.get(str(wiring.function.arn))
            yield event_record("wiring", host=host, wiring=to_record(wiring, own))


def to_record(wiring: Wiring, tags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The wiring as JSON; what is not known is ``null``. tags: of the function, where they are known."""
    return {
        "framework": wiring.function.framework,
        "function": resource_record(wiring.function, tags),
        "role": vars(wiring.role),
        **{kind: list(map(vars, getattr(wiring, kind))) for kind in ("invokers", "sources", "destinations")},
        "more": wiring.more,
        "left_out": wiring.left_out,
    }


def wirings(inventory: Inventory, rules: Collection[str], told: Told | None = None) -> Iterator[Wiring | str]:
    """The wiring of every function; where that broke, what it was and why.

    rules: IDs of those that run on the inventory; no other one judges an edge. One that raises makes its edge an ERROR
        and disturbs no other.
    told: takes up the verdicts, for a run of the rules that comes after.
    """
    judges = Judges(with_settings(inventory), rules_for(inventory.framework, rules), told)
    for number, function in enumerate(inventory.functions.values(), start=1):
        try:
            yield _wiring(function, inventory, judges)
        except Exception as fault:
            yield f"what is wired to {function.label}: {fault!r}"
        if inventory.framework == "live" and number % _AT_A_TIME == 0:
            forget()


def _wiring(function: Function, inventory: Inventory, judges: Judges) -> Wiring:
    left_out: dict[str, int] = {}
    return Wiring(
        function=function.resource.reported,
        role=_role(function, judges),
        invokers=_first("invokers", _invokers(function, inventory, judges), left_out),
        sources=_first("sources", _sources(function, inventory, judges), left_out),
        destinations=_first("destinations", _destinations(function, inventory, judges), left_out),
        more=_may_have_more(function, inventory, judges),
        left_out=left_out,
    )


_Edge = TypeVar("_Edge", InvokerEdge, SourceEdge, DestinationEdge)


def _first(name: str, edges: Iterable[_Edge], left_out: dict[str, int]) -> tuple[_Edge, ...]:
    """The gravest edges, as many as a line has room for."""
    listed = sorted(edges, key=lambda edge: GRAVEST_FIRST.index(edge.status) if edge.status else len(GRAVEST_FIRST))
    if len(listed) > MOST:
        left_out[name] = len(listed) - MOST
    return tuple(listed[:MOST])


def _role(function: Function, judges: Judges) -> RoleEdge:
    """RC104 judges only where CloudFront certainly runs the function: where that is not known, Lambda can use it."""
    rules = (*_ON_ROLE, *(_AT_THE_EDGE if function.edge_association is True else ()))
    said = judges.on(*((rule, function) for rule in rules))
    role, arn = function.role.role, function.role.arn
    if isinstance(role, Role):
        name, given = or_none(role.resource.name), or_none(role.resource.arn)
        return RoleEdge(name, given, role.resource.reported.address, "there", *said)
    if isinstance(role, Unknown):
        return RoleEdge(_name_in(arn), or_none(arn), None, "unknown", *said)
    declared = "" if isinstance(arn, str) else named(parts_of(arn)[-1]).rpartition(".")[0]
    return RoleEdge(_name_in(arn), or_none(arn), declared or None, "missing", *said)


def _name_in(arn: Text | None) -> str | None:
    """The name in the ARN of a role."""
    parsed = parse_arn(arn) if isinstance(arn, str) else None
    return role_name(parsed.resource) if parsed and parsed.resource.startswith("role/") else None


def _invokers(function: Function, inventory: Inventory, judges: Judges) -> Iterator[InvokerEdge]:
    for invoker in inventory.invokers_of(function, ""):
        rule = _rule_on()[invoker.kind]
        verdict = judges.verdict(rule, invoker)
        status, message = (verdict.status, verdict.message) if verdict else (None, None)
        role = inventory.role_at(invoker.role, invoker.resource.scope) if invoker.role is not None else None
        name = or_none(role.resource.name) if role else _name_in(invoker.role)
        yield InvokerEdge(invoker.kind, invoker.what, rule, status, message, name)


@cache
def _rule_on() -> Mapping[str, str]:
    """The rule on each kind of invokers."""
    return {rule.kind: rule.entry.id for rule in load_rules().values() if rule.kind}


def _may_have_more(function: Function, inventory: Inventory, judges: Judges) -> bool:
    """Code shows all that stands in it; of an account only those kinds are read whose rules run."""
    if inventory.framework != "live":
        return False
    unread = any(_rule_on()[kind] not in judges for kind in SERVICES)
    return unread or inventory.unread_invokers(function, *SERVICES) is not None


def _sources(function: Function, inventory: Inventory, judges: Judges) -> Iterator[SourceEdge]:
    mappings = function.event_source_mappings
    if isinstance(mappings, Unknown):
        said = judges.on((_READS, function))
        if said.status is not None:
            yield SourceEdge(None, f"Unknown event sources: {mappings.reason}", None, *said)
        return
    for mapping in mappings:
        alone = function if len(mappings) == 1 else replace(function, event_source_mappings=(mapping,))
        said = judges.on((_READS, alone), (_POLLS, mapping))
        source = Unknown("it has none") if mapping.source is None else mapping.source
        what = _label(source, function, inventory) or f"What {mapping.resource.label} reads from"
        brokers = mapping.service == "self-managed-kafka"
        yield SourceEdge(or_none(mapping.service), _BROKERS if brokers else what, or_none(source), *said)


def _destinations(function: Function, inventory: Inventory, judges: Judges) -> Iterator[DestinationEdge]:
    listed = list(_all_destinations(function))
    only = len(listed) == 1 and not isinstance(function.event_source_mappings, Unknown)
    for purpose, given in listed:
        alone = replace(function, destinations=given, event_source_mappings=(), more_destinations=None, got_events=None)
        said = judges.on((_SENDS, function if only else alone))
        if isinstance(given, Unknown) and said.status is None:
            continue  # nobody asked whether there are any
        target = given if isinstance(given, Unknown) else given[0].target
        otherwise = f"An unknown {purpose}: {target.reason}" if isinstance(target, Unknown) else target
        yield DestinationEdge(purpose, _label(target, function, inventory) or otherwise, or_none(target), *said)


def _all_destinations(function: Function) -> Iterator[tuple[str, tuple[Destination, ...] | Unknown]]:
    """One by one, by purpose: those of asynchronous invocations, and of mappings that are not switched off."""
    if isinstance(function.destinations, Unknown):
        yield "destination", function.destinations
    else:
        yield from ((destination.purpose, (destination,)) for destination in function.destinations)
    for mapping in known(function.event_source_mappings):
        failure = None if mapping.switched_off else mapping.on_failure
        if failure is not None:
            yield "on-failure destination", failure if isinstance(failure, Unknown) else (failure,)
    if function.more_destinations is not None:
        yield "destination", function.more_destinations


def _label(arn: Text, function: Function, inventory: Inventory) -> str:
    """What an ARN names, for a reader; empty where that cannot be told."""
    thing, name = thing_of(arn)
    declared = inventory.target(arn, function.resource.scope)
    if declared is not None:
        name = f"of {declared.resource.made_for}" if declared.resource.made_for else declared.resource.label
    return f"{thing} {name}" if thing else ""
