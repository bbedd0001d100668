"""What a plan does not know yet: ``after_unknown`` merged into the values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from rolecall.iac.plan import Instance
from rolecall.unknown import Unknown

MAX_DEPTH = 40


@dataclass(frozen=True)
class AfterApply(Unknown):
    """A value that is known only after apply. path: where it stands in the attributes of the vertex ``owner``."""

    owner: str = ""
    path: tuple[str | int, ...] = ()


def marked(instance: Instance, path: tuple[str | int, ...], value: Any, unknown: Any) -> Any:
    """A value with ``AfterApply`` for what is not known; ``None`` in blocks left out, as if it were not written."""
    if unknown is True or len(path) > MAX_DEPTH:
        shown = f"{instance.address}.{'.'.join(map(str, path))}"
        return AfterApply(f"{shown} is known only after apply", owner=instance.address, path=path)
    if isinstance(value, dict) or (value is None and isinstance(unknown, dict)):
        values, marks = value or {}, unknown if isinstance(unknown, dict) else {}
        names = [name for name in dict.fromkeys((*values, *marks)) if isinstance(name, str)]
        both = {name: marked(instance, (*path, name), values.get(name), marks.get(name)) for name in names}
        return {name: item for name, item in both.items() if item is not None} or ({} if value is not None else None)
    if isinstance(value, list) or (value is None and isinstance(unknown, list) and unknown):
        pairs = enumerate(zip_longest(value or [], unknown if isinstance(unknown, list) else []))
        return [marked(instance, (*path, at_), item, mark) for at_, (item, mark) in pairs]
    return value


def has_unknown(value: Any, depth: int = 0) -> bool:
    if isinstance(value, Unknown) or depth > MAX_DEPTH:
        return True
    if isinstance(value, dict):
        return any(has_unknown(item, depth + 1) for item in value.values())
    return isinstance(value, list) and any(has_unknown(item, depth + 1) for item in value)
