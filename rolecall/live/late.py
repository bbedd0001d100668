"""What is read of an account last, since functions, policies or invokers tell where to look: the late parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from rolecall.live.calls import Aws
from rolecall.live.parts import FoundLate, LatePart, NoneOf, UnreadOf, lacking, read_part
from rolecall.live.place import Place
from rolecall.live.policies import called, read_policies
from rolecall.live.services import LATE_PARTS
from rolecall.model import Inventory, Invoker
from rolecall.unknown import Unknown


def with_late_parts(aws: Aws, places: Mapping[str, Place], needs: Collection[str], inventory: Inventory) -> Inventory:
    """The inventory with what the late parts find, in their order, and with the policies of what these call."""
    known = inventory
    for name, part in LATE_PARTS.items():
        if name in needs:
            known = _with(known, part, _read(aws, places, part, known))
    qualifiers = called(known).keys() - called(inventory).keys()
    policies = read_policies(aws, places, known, sorted(qualifiers))
    return replace(known, permissions=(*known.permissions, *policies.statements))


def _read(aws: Aws, places: Mapping[str, Place], part: LatePart, inventory: Inventory) -> dict[str, list[FoundLate]]:
    """What a part finds, by region."""

    def read(region: str) -> list[FoundLate]:
        return read_part(part, lambda: part.read(places[region], inventory))

    return aws.in_parallel(part.name, read, list(places) if part.regional else list(places)[:1])


def _with(inventory: Inventory, part: LatePart, found: Mapping[str, list[FoundLate]]) -> Inventory:
    items = [item for region in sorted(found) for item in found[region]]
    return replace(
        inventory,
        invokers=(*inventory.invokers, *(item for item in items if isinstance(item, Invoker))),
        unread={**inventory.unread, **dict(_unread(part, found)), **dict(_unread_of(items))},
        none={
            **inventory.none,
            **{(item.kind, item.function): item.said for item in items if isinstance(item, NoneOf)},
        },
    )


def _unread(part: LatePart, found: Mapping[str, list[FoundLate]]) -> Iterator[tuple[tuple[str, str], Unknown]]:
    for region, items in found.items():
        unread = lacking(items, region)
        if unread:
            yield (part.name, region if part.regional else ""), unread


def _unread_of(items: Iterable[FoundLate]) -> Iterator[tuple[tuple[str, str], Unknown]]:
    yield from (((item.kind, item.function), item.why) for item in items if isinstance(item, UnreadOf))
