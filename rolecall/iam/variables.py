"""Policy variables: ``${key}`` and ``${key, 'default'}`` in Resource elements and in values of conditions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rolecall.iam.context import Context, MayBeAbsent
from rolecall.iam.match import Literal, Pattern
from rolecall.unknown import Text, Unknown, parts_of

_VARIABLE = re.compile(r"\$\{(?P<key>[^{}',]*)(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_RESOURCE_PART = 5  # a variable may stand only after the fifth colon of a Resource


def has_variables(value: Text) -> bool:
    return any(isinstance(part, str) and "${" in part for part in parts_of(value))


def expand(value: Text, context: Context, *, resource: bool = False) -> Pattern | None:
    """Put the context's values in place of the variables; ``None`` when one has no value (nothing can match then).

    resource: the value is of a Resource element, where "you can't use a variable to replace parts of the ARN before the
        fifth colon": there it stays as it is written.
    A key with several values cannot be a variable. ``${*}``, ``${?}`` and ``${$}`` are these characters themselves.
    """
    pattern: list[Text] = []
    colons = 0
    for part in parts_of(value):
        if isinstance(part, Unknown):
            pattern.append(part)
            continue
        at = 0
        for found in _VARIABLE.finditer(part):
            before = part[at : found.start()]
            colons += before.count(":")
            if resource and colons < _RESOURCE_PART:
                return ()
            at = found.end()
            replacement = _value(found["key"].strip(), found["default"], context)
            if replacement is None:
                return None
            pattern += (before, *replacement)
        pattern.append(part[at:])
        colons += part.count(":", at)
    return tuple(piece for piece in pattern if piece != "")


def _value(key: str, default: str | None, context: Context) -> Iterable[Text] | None:
    if key in ("*", "?", "$"):
        return (Literal(key),)
    values = context.get(key)
    if isinstance(values, MayBeAbsent):
        return (values,)
    if values is not None and len(values) == 1:
        return tuple(Literal(part) if isinstance(part, str) else part for part in parts_of(values[0]))
    return None if default is None else (Literal(default),)
