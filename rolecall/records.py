"""Plain data as records: what YAML and JSON give must fit a dataclass exactly."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints


class CatalogError(ValueError):
    """A mapping file that is not valid: the message names the file, the key and what is allowed."""


def read_record(kind: Any, path: Path) -> Any:
    """A file of YAML as a value of ``kind``; see ``build_record``. Raises ``CatalogError``."""
    import yaml  # what is compiled is read without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CatalogError(f"{path.name}: cannot be read: {' '.join(str(fault).split())}") from None
    return build_record(kind, raw, path.name)


def require(condition: bool, place: str, key: str, allowed: str) -> None:
    """Raise ``CatalogError`` where a condition is not met. place: the file. allowed: what the key must be."""
    if not condition:
        raise CatalogError(f"{place}: {key}: {allowed}")


def build_record(kind: Any, raw: Any, place: str) -> Any:
    """Plain data as a value of ``kind``, a dataclass of texts, flags, tuples, mappings and further dataclasses.

    place: what the data is, for messages. Raises ``CatalogError`` for anything but exactly its fields; those with a
    default may be missing.
    """
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise CatalogError(f"{place}: must be a list")
        return tuple(build_record(get_args(kind)[0], item, f"{place}[{index}]") for index, item in enumerate(raw))
    if get_origin(kind) is not None:
        if not isinstance(raw, dict):
            raise CatalogError(f"{place}: must be a mapping")
        return {str(key): build_record(get_args(kind)[1], value, f"{place}: {key}") for key, value in raw.items()}
    if hasattr(kind, "__dataclass_fields__"):
        return _build_record(kind, raw, place)
    if not isinstance(raw, kind):
        raise CatalogError(f"{place}: must be a {'text' if kind is str else kind.__name__}")
    return raw.rstrip("\n") if isinstance(raw, str) else raw


def _build_record(kind: Any, raw: Any, place: str) -> Any:
    if not isinstance(raw, dict):
        raise CatalogError(f"{place}: must be a mapping")
    known = {field.name: field for field in fields(kind)}
    for key in raw:
        if key not in known:
            raise CatalogError(f"{place}: unknown key {key!r}; allowed: {', '.join(known)}")
    hints = _hints(kind)
    values = {}
    for name, field in known.items():
        if name in raw:
            values[name] = build_record(hints[name], raw[name], f"{place}: {name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise CatalogError(f"{place}: key {name!r} is missing")
    return kind(**values)


@cache
def _hints(kind: Any) -> Any:
    return get_type_hints(kind)
