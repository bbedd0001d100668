"""Values of a SAM template: written by anybody, so each may be anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rolecall.iac.intrinsics_written import MAX_DEPTH
from rolecall.unknown import Unknown

NO_VALUE: Mapping[str, Any] = {"Ref": "AWS::NoValue"}
_MARKS = ("__file__", "__startline__", "__endline__")


def cleaned(value: Any, known: dict[int, tuple[Any, Any]], depth: int = 0) -> Any:
    """A copy without Checkov's marks, bounded in depth.

    known: what was copied and its copy, so that anchors stay shared. It holds the former, whose identity must not pass
    to another value.
    """
    if not isinstance(value, (dict, list)):
        return value
    if depth > MAX_DEPTH:
        return Unknown("nested too deeply")
    if id(value) not in known:
        known[id(value)] = (value, Unknown("contains itself"))
        copy = (
            {str(key): cleaned(item, known, depth + 1) for key, item in value.items() if key not in _MARKS}
            if isinstance(value, dict)
            else [cleaned(item, known, depth + 1) for item in value]
        )
        known[id(value)] = (value, copy)
    return known[id(value)][1]


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object without intrinsic function, else an empty one."""
    return value if isinstance(value, Mapping) and not is_intrinsic(value) else {}


def listed(value: Any) -> Sequence[Any]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def is_intrinsic(value: Any) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    key = next(iter(value))
    return key in ("Ref", "Condition") or str(key).startswith("Fn::")


def is_no_value(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("Ref") == "AWS::NoValue"


def choice(value: Any) -> tuple[str, Any, Any] | None:
    """Condition and branches of ``Fn::If``; ``None`` for anything else."""
    items = value.get("Fn::If") if isinstance(value, Mapping) else None
    if isinstance(items, list) and len(items) == 3 and isinstance(items[0], str):
        return items[0], items[1], items[2]
    return None


def referred(value: Any) -> str:
    """The logical ID that ``!Ref``, ``!GetAtt`` or a bare text names; empty when it is none of them."""
    if isinstance(value, Mapping):
        value = value.get("Ref", value.get("Fn::GetAtt"))
        value = value[0] if isinstance(value, list) and value else value
        value = value.partition(".")[0] if isinstance(value, str) else value
    return value if isinstance(value, str) else ""


def ref(logical: str) -> dict[str, Any]:
    return {"Ref": logical}


def arn_of(logical: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical, "Arn"]}


def sub(text: str, **variables: Any) -> dict[str, Any]:
    return {"Fn::Sub": [text, variables] if variables else text}


def only_if(condition: str, value: Any) -> Any:
    """The value under a condition; without one, the value."""
    return {"Fn::If": [condition, value, NO_VALUE]} if condition else value


def picked(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of the properties that are there."""
    return {name: given[name] for name in names if given.get(name) is not None}
