"""Condition keys whose value is not known, case by case.

Two conditions on one key can settle a request between them though neither does alone: what is allowed if the key equals
``a`` and allowed if it does not is allowed. So every value that the policies compare the key with is tried, any other
value, and the key's absence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from rolecall.iam.conditions import Condition
from rolecall.iam.context import MayBeAbsent
from rolecall.iam.document import Policy
from rolecall.iam.operators import Other
from rolecall.iam.request import Asked
from rolecall.unknown import parts_of

_MOST = 64  # cases; more are not worked out, and the answer stays UNKNOWN
_ABSENT = ()


def alternatives(asked: Asked, policies: Iterable[Policy]) -> Iterator[Mapping[str, Any]]:
    """The contexts of the request in all cases; none where no key is to be told apart, or too many.

    A key of which a condition compares a set of values stays as it is: its cases would be all sets.
    """
    compared: dict[str, set[str]] = {}
    as_sets: set[str] = set()
    may_be_absent: set[str] = set()
    for condition in _conditions(policies):
        key = condition.key.lower()
        value = asked.context.get(key)
        if isinstance(value, MayBeAbsent):
            may_be_absent.add(key)
        elif value is None or len(value) != 1 or parts_of(value[0]) != (value[0],) or isinstance(value[0], str):
            continue
        if condition.quantifier:
            as_sets.add(key)
        compared.setdefault(key, set()).update(wanted for wanted in condition.values if isinstance(wanted, str))
    keys = sorted(set(compared) - as_sets)
    choices = [
        [*([_ABSENT] if key in may_be_absent else []), *sorted(compared[key]), Other.than(compared[key])]
        for key in keys
    ]
    if not keys or prod(map(len, choices)) > _MOST:
        return
    given = {key: value for key, value in asked.request.context.items() if key.lower() not in keys}
    for case in product(*choices):
        yield {**given, **dict(zip(keys, case, strict=True))}


def _conditions(policies: Iterable[Policy]) -> Iterator[Condition]:
    for policy in policies:
        for statement in policy.statements:
            yield from (condition for condition in statement.conditions if isinstance(condition, Condition))
