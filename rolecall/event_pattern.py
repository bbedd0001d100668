"""Event patterns of EventBridge, three-valued: over an event of which some fields are known.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Union

from rolecall.iam.match import match
from rolecall.unknown import Text, Tri, Unknown, all3, any3, not3, parts_of

_MAX_DEPTH = 40
ABSENT = None
# A field's value by its path; ``ABSENT``: the event certainly has none. Of fields that are not listed nothing is known.
Event = Mapping[tuple[str, ...], Union[str, bool, None]]


def matches(pattern: Any, event: Event) -> Tri:
    """Whether an event matches a pattern; ``None`` where that depends on what is not known, or is not understood."""
    return _matches(pattern, event, (), 0)


def _matches(pattern: Any, event: Event, path: tuple[str, ...], depth: int) -> Tri:
    if not isinstance(pattern, Mapping) or depth > _MAX_DEPTH:
        return None
    return all3(_field(str(name), wanted, event, path, depth + 1) for name, wanted in pattern.items())


def _field(name: str, wanted: Any, event: Event, path: tuple[str, ...], depth: int) -> Tri:
    if name == "$or":
        return any3(_matches(one, event, path, depth) for one in wanted) if isinstance(wanted, list) else None
    here = (*path, name)
    if isinstance(wanted, Mapping):
        return False if event.get(here) is not ABSENT else _matches(wanted, event, here, depth)
    if not isinstance(wanted, list) or here not in event:
        return None
    return any3(_one(test, event[here]) for test in wanted)


def _one(test: Any, value: str | bool | None) -> Tri:
    """Whether a value passes one test of a field's list."""
    if isinstance(test, Mapping):
        operator, operand = next(iter(test.items())) if len(test) == 1 else ("", None)
        if operator == "exists":
            return (value is not ABSENT) is operand if isinstance(operand, bool) else None
        if value is ABSENT:
            return False
        if operator == "anything-but":
            return not3(_any_of(operand, value))
        return _compare(operator, operand, value)
    if value is ABSENT:
        return None if isinstance(test, Unknown) else False
    return _equal(test, value)


def _any_of(operand: Any, value: str | bool) -> Tri:
    """What ``anything-but`` rules out: values, or one comparison with values."""
    if isinstance(operand, Mapping):
        operator, inner = next(iter(operand.items())) if len(operand) == 1 else ("", None)
        return any3(_compare(operator, one, value) for one in (inner if isinstance(inner, list) else [inner]))
    return any3(_equal(one, value) for one in (operand if isinstance(operand, list) else [operand]))


def _equal(wanted: Any, value: str | bool | None) -> Tri:
    if isinstance(wanted, Unknown) and isinstance(value, str):
        return match(parts_of(wanted), value, wildcards=False)
    return None if isinstance(wanted, Unknown) else type(wanted) is type(value) and wanted == value


def _compare(operator: str, operand: Any, value: str | bool) -> Tri:
    if isinstance(operand, Mapping) and operator in ("prefix", "suffix") and len(operand) == 1:
        inner = operand.get("equals-ignore-case")
        test = _COMPARISONS[operator]
        return test(inner.lower(), value.lower()) if isinstance(inner, str) and isinstance(value, str) else None
    if operator not in _COMPARISONS or not isinstance(operand, (str, Unknown)):
        return None
    return _COMPARISONS[operator](operand, value) if isinstance(value, str) else False


def _wildcard(pattern: Text, value: str) -> Tri:
    """``*`` is any run of characters; a backslash before it takes that from it."""
    if any(isinstance(piece, str) and ("\\" in piece or "?" in piece) for piece in parts_of(pattern)):
        return None
    return match(parts_of(pattern), value)


_COMPARISONS: Mapping[str, Callable[[Any, str], Tri]] = {
    "prefix": lambda start, value: value.startswith(start) if isinstance(start, str) else None,
    "suffix": lambda end, value: value.endswith(end) if isinstance(end, str) else None,
    "equals-ignore-case": lambda wanted, value: match(parts_of(wanted), value, wildcards=False, ignore_case=True),
    "wildcard": _wildcard,
}
