"""Plain data as records: what YAML and JSON give must fit a dataclass exactly; messages name the line of a file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Union, get_args, get_origin, get_type_hints

Keys = tuple[Hashable, ...]
"""Where something stands in a document: the keys and list indices that lead to it."""

NOT_READ: Mapping[str, Any] = MappingProxyType({"read": False})
"""The metadata of a record's field that no data gives."""

_MOST = 5_000_000  # characters of a file
_DEEPEST = 40


class RecordError(ValueError):
    """Data that is not as it must be: one line that says where, and what is allowed."""

    def __init__(self, place: str, keys: Keys, allowed: str) -> None:
        self.keys = keys
        self.allowed = allowed
        super().__init__(": ".join(filter(None, (place, _dotted(keys), " ".join(allowed.split())))))


class Source:
    """A file of YAML. data: what it says."""

    def __init__(self, path: Path) -> None:
        """Raises ``RecordError`` for a file that cannot be read, is no YAML, or says something twice."""
        import yaml  # what is compiled is read without it

        self.name = path.name
        try:
            text = path.read_text(encoding="utf-8")
            if len(text) > _MOST:
                raise RecordError(self.name, (), f"is longer than {_MOST} characters")
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
            try:
                self._node = loader.get_single_node()
                self._lines: dict[Keys, int] = {}
                self._walk(self._node, ())
                self.data: Any = None if self._node is None else loader.construct_document(self._node)
            finally:
                loader.dispose()
        except OSError as fault:
            raise RecordError(self.name, (), f"cannot be read: {fault.strerror or fault}") from None
        except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as fault:
            if isinstance(fault, RecordError):
                raise
            raise RecordError(self.name, (), f"cannot be read: {fault}") from None

    def record(self, kind: Any) -> Any:
        """The file as a value of ``kind``; see ``build_record``. Raises ``RecordError``."""
        try:
            return build_record(kind, self.data, self.name)
        except RecordError as fault:
            raise self.error(fault.keys, fault.allowed) from None

    def require(self, condition: bool, keys: Keys, allowed: str) -> None:
        """Raise ``RecordError`` where a condition is not met. allowed: what must stand at ``keys``."""
        if not condition:
            raise self.error(keys, allowed)

    def error(self, keys: Keys, allowed: str) -> RecordError:
        return RecordError(f"{self.name}:{self.line(keys)}", keys, allowed)

    def line(self, keys: Keys) -> int:
        """The line that something, or else the nearest thing around it, begins in."""
        while keys and keys not in self._lines:
            keys = keys[:-1]
        return self._lines.get(keys, 1)

    def _walk(self, node: Any, keys: Keys, above: tuple[Any, ...] = ()) -> None:
        """Note the lines; refuse what says a key twice, is nested too deeply, or contains itself."""
        if node is None:
            return
        if node in above or len(above) > _DEEPEST:
            raise RecordError(f"{self.name}:{node.start_mark.line + 1}", keys, "is nested too deeply")
        self._lines.setdefault(keys, node.start_mark.line + 1)
        if node.id == "sequence":
            for index, item in enumerate(node.value):
                self._walk(item, (*keys, index), (*above, node))
        elif node.id == "mapping":
            seen = set()
            for key, value in node.value:
                if key.id != "scalar":
                    continue
                line, inside = key.start_mark.line + 1, (*keys, key.value)
                if (key.tag, key.value) in seen:
                    raise RecordError(f"{self.name}:{line}", inside, "is there twice")
                seen.add((key.tag, key.value))
                self._lines[inside] = line
                self._walk(value, inside, (*above, node))


def read_record(kind: Any, path: Path) -> Any:
    """A file of YAML as a value of ``kind``. Raises ``RecordError``."""
    return Source(path).record(kind)


def build_record(kind: Any, raw: Any, place: str, keys: Keys = ()) -> Any:
    """Plain data as a value of ``kind``, a dataclass of texts, flags, tuples, mappings and further dataclasses.

    place: what the data is, for messages. Raises ``RecordError`` for anything but exactly its fields; those with a
    default may be missing.
    """
    if get_origin(kind) is Union:  # of one thing and None, which only leaving it out gives
        kind = get_args(kind)[0]
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise RecordError(place, keys, "must be a list")
        inside = get_args(kind)[0]
        return tuple(build_record(inside, item, place, (*keys, index)) for index, item in enumerate(raw))
    if get_origin(kind) is not None:
        if not isinstance(raw, dict):
            raise RecordError(place, keys, "must be a mapping")
        inside = get_args(kind)[1]
        return {str(key): build_record(inside, value, place, (*keys, key)) for key, value in raw.items()}
    if is_dataclass(kind):
        return _build(kind, raw, place, keys)
    if type(raw) is not kind:
        raise RecordError(place, keys, f"must be {_KINDS.get(kind, kind.__name__)}")
    return raw.rstrip("\n") if isinstance(raw, str) else raw


_KINDS: Mapping[Any, str] = {
    str: "a text (in quotes, if it looks like a number or a date)",
    bool: "true or false",
    int: "a whole number",
    date: "a date: 2027-01-31",
}


def _build(kind: Any, raw: Any, place: str, keys: Keys) -> Any:
    if not isinstance(raw, dict):
        raise RecordError(place, keys, "must be a mapping")
    known = {field.name: field for field in fields(kind) if field.metadata is not NOT_READ}
    for key in raw:
        if key not in known:
            raise RecordError(place, (*keys, key), f"is an unknown key; allowed: {', '.join(known)}")
    hints = _hints(kind)
    values = {}
    for name, field in known.items():
        if name in raw:
            values[name] = build_record(hints[name], raw[name], place, (*keys, name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise RecordError(place, (*keys, name), "is missing")
    return kind(**values)


@cache
def _hints(kind: Any) -> Any:
    return get_type_hints(kind)


def _dotted(keys: Keys) -> str:
    """``controls[3].severity``."""
    shown = ""
    for key in keys:
        shown += f"[{key}]" if isinstance(key, int) else f".{key}" if shown else str(key)
    return shown
