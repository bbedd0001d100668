"""Files of ``mappings/`` as records: YAML that must fit a dataclass exactly."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogError(ValueError):
    """A mapping file that is not valid: the message names the file, the key and what is allowed."""


def read_record(kind: Any, path: Path) -> Any:
    """The file as a value of ``kind``, a dataclass of texts, flags, tuples, mappings and further dataclasses.

    Raises ``CatalogError`` for anything but exactly its fields; those with a default may be missing.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CatalogError(f"{path.name}: cannot be read: {' '.join(str(fault).split())}") from None
    return _build(kind, raw, path.name)


def require(condition: bool, place: str, key: str, allowed: str) -> None:
    """Raise ``CatalogError`` where a condition is not met. place: the file. allowed: what the key must be."""
    if not condition:
        raise CatalogError(f"{place}: {key}: {allowed}")


def _build(kind: Any, raw: Any, place: str) -> Any:
    """Make a value of ``kind`` of what YAML gave; strict: unknown, missing and mistyped keys are errors."""
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise CatalogError(f"{place}: must be a list")
        return tuple(_build(get_args(kind)[0], item, f"{place}[{index}]") for index, item in enumerate(raw))
    if get_origin(kind) is not None:
        if not isinstance(raw, dict):
            raise CatalogError(f"{place}: must be a mapping")
        return {str(key): _build(get_args(kind)[1], value, f"{place}: {key}") for key, value in raw.items()}
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
    hints = get_type_hints(kind)
    values = {}
    for name, field in known.items():
        if name in raw:
            values[name] = _build(hints[name], raw[name], f"{place}: {name}")
        elif field.default is MISSING:
            raise CatalogError(f"{place}: key {name!r} is missing")
    return kind(**values)
