"""Condition operators, three-valued.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
and reference_policies_condition-single-vs-multi-valued-context-keys.html.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from rolecall.iam.match import Literal, Pattern, match, match_arn
from rolecall.unknown import Text, Tri, Unknown, all3, any3, not3, parts_of

_SETS = ("ForAllValues:", "ForAnyValue:")


class Context:
    """The request's context keys, case-insensitive. A key that is not in it is absent from the request."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key.lower(): _context_values(value) for key, value in values.items()}

    def get(self, key: str) -> tuple[Text, ...] | Unknown | None:
        """The values of a key; ``None`` when the request has no such key; ``Unknown`` when that cannot be told."""
        return self._values.get(key.lower())


@dataclass(frozen=True)
class Condition:
    """One key of one operator with its values (any of them suffices, or none of them where the operator negates)."""

    operator: str
    key: str
    values: tuple[Text, ...]
    base: str
    quantifier: str
    if_exists: bool

    def __str__(self) -> str:
        return f"{self.operator} {self.key}"


def parse_condition(operator: str, key: str, values: tuple[Text, ...]) -> Condition:
    """Raises ``ValueError`` for an operator that IAM does not have."""
    base, quantifier, if_exists = operator, "", False
    for prefix in _SETS:
        if base.lower().startswith(prefix.lower()):
            base, quantifier = base[len(prefix) :], prefix
    if base.lower().endswith("ifexists"):
        base, if_exists = base[: -len("IfExists")], True
    canonical = _CANONICAL.get(base.lower())
    if canonical is None or (canonical == "Null" and if_exists):
        raise ValueError(f"unknown operator {operator!r}")
    return Condition(operator, key, values, canonical, quantifier, if_exists)


def holds(condition: Condition, context: Context, *, variables: bool) -> Tri:
    """Whether the condition is met by the request.

    variables: whether ``${key}`` in the values is a policy variable (policy version 2012-10-17).
    """
    actual = context.get(condition.key)
    if condition.base == "Null":
        return _null(condition, actual)
    if isinstance(actual, Unknown):
        return None
    compare, negated = _OPERATORS[condition.base]
    if not actual:
        if condition.if_exists or condition.quantifier == "ForAllValues:":
            return True
        return negated and condition.quantifier != "ForAnyValue:"
    wanted = [expand(value, context) if variables else parts_of(value) for value in condition.values]

    def matches_some(value: Text) -> Tri:
        return any3(compare(pattern, value) for pattern in wanted if pattern is not None)

    if condition.quantifier == "ForAllValues:":
        return all3(not3(matches_some(value)) if negated else matches_some(value) for value in actual)
    if condition.quantifier == "ForAnyValue:":
        return any3(not3(matches_some(value)) if negated else matches_some(value) for value in actual)
    result = any3(matches_some(value) for value in actual)
    return not3(result) if negated else result


def expand(value: Text, context: Context) -> Pattern | None:
    """Put the context's values in place of policy variables; ``None`` when one has no value (nothing can match).

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    pattern: list[Text] = []
    for part in parts_of(value):
        if isinstance(part, Unknown) or "${" not in part:
            pattern.append(part)
            continue
        text, opening, rest = part.partition("${")
        pattern.append(text)
        while opening:
            variable, closing, rest = rest.partition("}")
            replacement = _variable(variable, context) if closing else (f"${{{variable}",)
            if replacement is None:
                return None
            text, opening, rest = rest.partition("${")
            pattern += [*replacement, text]
    return tuple(piece for piece in pattern if piece != "")


def _variable(variable: str, context: Context) -> Iterable[Text] | None:
    """What stands between ``${`` and ``}``: a key, perhaps with a default in quotes, or one of ``*``, ``?``, ``$``."""
    key, comma, default = (part.strip() for part in variable.partition(","))
    if key in ("*", "?", "$"):
        return (Literal(key),)
    values = context.get(key)
    if isinstance(values, Unknown):
        return (values,)
    if values is not None and len(values) == 1:
        return tuple(Literal(part) if isinstance(part, str) else part for part in parts_of(values[0]))
    quoted = len(default) > 1 and default[0] == default[-1] == "'"
    return (Literal(default[1:-1]),) if comma and quoted else None


def describe(condition: Condition, context: Context) -> str:
    """Why a condition does not hold, for a reader: what it wants and what the request has."""
    actual = context.get(condition.key)
    if isinstance(actual, Unknown):
        has = f"the request's value is not known ({actual.reason})"
    elif not actual:
        has = "the request does not carry it"
    else:
        has = f"the request has {', '.join(map(str, actual))}"
    return f"condition {condition} wants {' or '.join(map(str, condition.values))}, {has}"


def _context_values(value: Any) -> tuple[Text, ...] | Unknown:
    if isinstance(value, Unknown) and parts_of(value) == (value,) and not value.symbol:
        return value
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return tuple(item if isinstance(item, (str, Unknown)) else _plain(item) for item in values)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _null(condition: Condition, actual: tuple[Text, ...] | Unknown | None) -> Tri:
    if isinstance(actual, Unknown):
        return None
    absent = not actual
    wants_absent = [v.lower() == "true" if isinstance(v, str) else None for v in condition.values]
    return any3(None if want is None else want == absent for want in wants_absent)


def _string(pattern: Pattern, value: Text) -> Tri:
    return match(pattern, value, wildcards=False)


def _string_ignoring_case(pattern: Pattern, value: Text) -> Tri:
    return match(pattern, value, wildcards=False, ignore_case=True)


def _ordered(parse: Callable[[str], Any], test: Callable[[Any, Any], bool]) -> Callable[[Pattern, Text], Tri]:
    """A comparison of parsed values; a value that cannot be parsed matches nothing."""

    def compare(pattern: Pattern, value: Text) -> Tri:
        if not isinstance(value, str) or not all(isinstance(part, str) for part in pattern):
            return None
        try:
            return test(parse(value), parse("".join(str(part) for part in pattern)))
        except (ValueError, InvalidOperation, binascii.Error, OverflowError, TypeError):
            return False

    return compare


def _date(value: str) -> datetime:
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return datetime.fromtimestamp(float(value), timezone.utc)
    parsed = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return value.lower() == "true"


def _network(value: str) -> Any:
    return ipaddress.ip_network(value, strict=False)


def _inside(actual: Any, wanted: Any) -> bool:
    return bool(actual.version == wanted.version and actual.subnet_of(wanted))


_EQUAL: Callable[[Any, Any], bool] = lambda actual, wanted: actual == wanted  # noqa: E731
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": _EQUAL,
    "LessThan": lambda actual, wanted: actual < wanted,
    "LessThanEquals": lambda actual, wanted: actual <= wanted,
    "GreaterThan": lambda actual, wanted: actual > wanted,
    "GreaterThanEquals": lambda actual, wanted: actual >= wanted,
}
_OPERATORS: dict[str, tuple[Callable[[Pattern, Text], Tri], bool]] = {
    "StringEquals": (_string, False),
    "StringNotEquals": (_string, True),
    "StringEqualsIgnoreCase": (_string_ignoring_case, False),
    "StringNotEqualsIgnoreCase": (_string_ignoring_case, True),
    "StringLike": (match, False),
    "StringNotLike": (match, True),
    "ArnEquals": (match_arn, False),
    "ArnLike": (match_arn, False),
    "ArnNotEquals": (match_arn, True),
    "ArnNotLike": (match_arn, True),
    "Bool": (_ordered(_boolean, _EQUAL), False),
    "BinaryEquals": (_ordered(lambda value: base64.b64decode(value, validate=True), _EQUAL), False),
    "IpAddress": (_ordered(_network, _inside), False),
    "NotIpAddress": (_ordered(_network, _inside), True),
    "NumericNotEquals": (_ordered(Decimal, _EQUAL), True),
    "DateNotEquals": (_ordered(_date, _EQUAL), True),
    **{f"Numeric{name}": (_ordered(Decimal, test), False) for name, test in _COMPARISONS.items()},
    **{f"Date{name}": (_ordered(_date, test), False) for name, test in _COMPARISONS.items()},
}
_CANONICAL = {name.lower(): name for name in (*_OPERATORS, "Null")}
