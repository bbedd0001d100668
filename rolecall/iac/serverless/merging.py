"""How the framework lays one object over another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless.documents import END, START


def merged(below: Any, above: Any) -> Any:
    """Objects key by key, lists place by place; anything else replaces what is below."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        both = {key: merged(below[key], above[key]) for key in below if key in above}
        return {**below, **above, **both}
    if isinstance(below, list) and isinstance(above, list):
        both_items = [merged(lower, upper) for lower, upper in zip(below, above, strict=False)]
        return both_items + below[len(above) :] + above[len(below) :]
    return above


def unmarked(value: Any) -> Any:
    """A value without the lines of its mappings."""
    if isinstance(value, Mapping):
        return {key: unmarked(item) for key, item in value.items() if key not in (START, END)}
    return [unmarked(item) for item in value] if isinstance(value, list) else value
