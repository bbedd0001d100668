"""What a trail of CloudTrail records, by its event selectors: the same in every framework.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rolecall.unknown import Tri, Unknown, all3, any3


def records_writes(selectors: Sequence[Any], advanced: Sequence[Any]) -> Tri:
    """Whether management events that change something are recorded; without a selector they are.

    selectors: for each, whether it includes management events, and its ``ReadWriteType``.
    advanced: for each, its fields with their tests by name (``Equals`` or ``equals``). ``Unknown`` for either: one of
    which nothing is known.
    """
    if not selectors and not advanced:
        return True
    return any3([*map(_basic, selectors), *map(_advanced, advanced)])


def _basic(selector: Any) -> Tri:
    if isinstance(selector, Unknown):
        return None
    management, kind = selector
    included = {"true": True, "false": False}.get(str(management).lower())
    writes = None if isinstance(kind, Unknown) else {"all": True, "writeonly": True, "readonly": False}.get(
        str(kind).lower()
    )  # fmt: skip
    return all3((included, writes))


def _advanced(fields: Any) -> Tri:
    if isinstance(fields, Unknown):
        return None
    return any(name == "eventCategory" for name, _ in fields) and all3(_field(name, tests) for name, tests in fields)


def _field(name: str, tests: Mapping[str, Any]) -> Tri:
    """Whether the events of IAM that change something pass one field's tests."""
    wanted = {"eventCategory": "management", "readOnly": "false", "eventSource": "iam.amazonaws.com"}.get(name)
    if wanted is None or len(tests) != 1:
        return None
    [(operator, values)] = tests.items()
    given = [value for value in (values if isinstance(values, list) else [values]) if value is not None]
    if any(isinstance(value, Unknown) for value in given):
        return None
    listed = wanted in [str(value).lower() for value in given]
    return {"equals": listed, "notequals": not listed, "not_equals": not listed}.get(operator.lower())
