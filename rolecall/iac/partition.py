"""The partition that a configuration is for, where it does not ask AWS for it but writes it into its ARNs.

A template with ``arn:aws:...`` in it works in that partition and in no other, so ``AWS::Partition`` is ``aws`` there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from rolecall.arn import PARTITIONS
from rolecall.unknown import PartlyKnown, Unknown, text

_WRITTEN = re.compile(r"\barn:(aws[a-z-]{0,12}):", re.ASCII)
_MAX_DEPTH = 60
_T = TypeVar("_T")


def written_partition(value: Any) -> str:
    """The one partition that the ARNs in nested values name; empty when they name none or several."""
    found = set(_partitions(value, 0))
    return found.pop() if len(found) == 1 else ""


def _partitions(value: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        yield from (name for name in _WRITTEN.findall(value) if name in PARTITIONS)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _partitions(item, depth + 1)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _partitions(item, depth + 1)


def settled(value: _T, symbol: str, known: str) -> _T:
    """A part of the inventory with the value of one symbol put in its place, everywhere in it."""
    return _settled(value, symbol, known)  # type: ignore[no-any-return]


def _settled(value: Any, symbol: str, known: str) -> Any:
    if isinstance(value, PartlyKnown):
        parts = _settled(value.parts, symbol, known)
        return value if parts is value.parts else text(*parts)
    if isinstance(value, Unknown):
        return known if value.symbol == symbol else value
    if isinstance(value, (tuple, list)):
        items = [_settled(item, symbol, known) for item in value]
        same = all(item is own for item, own in zip(items, value, strict=True))
        return value if same else type(value)(items)
    if isinstance(value, Mapping):
        made = {key: _settled(item, symbol, known) for key, item in value.items()}
        return value if all(made[key] is value[key] for key in made) else made
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        made = _settled(own, symbol, known)
        return value if made is own else dataclasses.replace(value, **made)
    return value
