"""The condition operators: how one value of the policy is compared with one value of the request.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Any

from rolecall.iam.arns import arn_test, match_arn
from rolecall.iam.match import Pattern, compiled, match
from rolecall.unknown import Text, Tri, Unknown, any3

Compare = Callable[[Pattern, Text], Tri]
Test = Callable[[str], Tri]
_COLONS = 5  # of an ARN


@dataclass(frozen=True)
class Operator:
    """compare: one pattern of the policy with one value of the request. negated: holds where nothing matches.

    variables: whether policy variables count in its values. prepare: the test of a known value against all the
    policy's known values, made once.
    """

    name: str
    compare: Compare
    negated: bool
    variables: bool
    prepare: Callable[[Sequence[str]], Test]


def _arn_or_none(pattern: Pattern, value: Text) -> Tri:
    """For the negated operators: what AWS makes of a text that is no ARN is not documented."""
    if (isinstance(value, str) and value.count(":") < _COLONS) or (
        all(isinstance(part, str) for part in pattern) and "".join(map(str, pattern)).count(":") < _COLONS
    ):
        return None
    return match_arn(pattern, value)


@dataclass(frozen=True)
class Other(Unknown):
    """A value that is there and is none of some texts."""

    excluded: frozenset[str] = frozenset()

    @classmethod
    def than(cls, excluded: Iterable[str]) -> Other:
        return cls("another value", "other|another value", frozenset(excluded))


def _string(pattern: Pattern, value: Text) -> Tri:
    if isinstance(value, Other) and len(pattern) == 1 and pattern[0] in value.excluded:
        return False
    return match(pattern, value, wildcards=False)


def _string_ignoring_case(pattern: Pattern, value: Text) -> Tri:
    return match(pattern, value, wildcards=False, ignore_case=True)


def _one_of(values: Sequence[str]) -> Test:
    return frozenset(values).__contains__


def _one_of_ignoring_case(values: Sequence[str]) -> Test:
    lowered = frozenset(value.lower() for value in values)
    return lambda value: value.lower() in lowered


def _any_of(test_of: Callable[[str], Callable[[str], bool]]) -> Callable[[Sequence[str]], Test]:
    def prepare(values: Sequence[str]) -> Test:
        tests = [test_of(value) for value in values]
        return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)

    return prepare


def _parsed(parse: Callable[[str], Any], holds: Callable[[Any, Any], bool], foreign: Tri = False) -> Compare:
    """A comparison of parsed values. foreign: the answer where one cannot be parsed: what AWS makes of a value that is
    no number, date or address is not documented, so that a negated operator has no answer either."""
    cached = lru_cache(maxsize=4096)(_or_none(parse))

    def compare(pattern: Pattern, value: Text) -> Tri:
        if not isinstance(value, str) or not all(isinstance(part, str) for part in pattern):
            return None
        actual, wanted = cached(value), cached("".join(str(part) for part in pattern))
        return foreign if actual is None or wanted is None else holds(actual, wanted)

    return compare


def _or_none(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    def parsed(value: str) -> Any:
        try:
            return parse(value)
        except (ValueError, InvalidOperation, OverflowError):
            return None

    return parsed


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def _number(value: str) -> Decimal:
    if not _NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    return Decimal(value.strip())


# The W3C profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), from years to fractions of a second.
_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"([Tt ](?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"-?(\d{1,3}|\d{5,12})(\.\d{1,9})?", re.ASCII)


def _date(value: str) -> datetime:
    """A date, or seconds since 1970; four digits are a year."""
    if _EPOCH.fullmatch(value):
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=float(value))
    found = _DATE.fullmatch(value)
    if not found:
        raise ValueError(value)
    given = found.groupdict()
    year, month, day = (int(given[part] or 1) for part in ("year", "month", "day"))
    hour, minute, second = (int(given[part] or 0) for part in ("hour", "minute", "second"))
    microsecond = int(((given["fraction"] or "0") + "000000")[:6])
    zone = given["zone"] or "Z"
    offset = timedelta() if zone in "Zz" else timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    moment = datetime(year, month, day, hour, minute, second, microsecond, timezone.utc)
    return moment + offset if zone[0] == "-" else moment - offset


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return value.lower() == "true"


def _binary_equals(pattern: Pattern, value: Text) -> Tri:
    """The request's value may be given as its bytes' text or in base 64, as the policy has it."""
    if not isinstance(value, str) or not all(isinstance(part, str) for part in pattern):
        return None
    try:
        wanted = base64.b64decode("".join(str(part) for part in pattern), validate=True)
    except (ValueError, binascii.Error):
        return False
    return value.encode("utf-8", "replace") == wanted or base64.b64encode(wanted).decode() == value


def _network(value: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    address, slash, prefix = value.strip().partition("/")
    if slash and not (prefix.isascii() and prefix.isdecimal()):
        raise ValueError(value)
    return ipaddress.ip_network(f"{address}{slash}{prefix}", strict=False)


def _inside(actual: Any, wanted: Any) -> bool:
    return bool(actual.version == wanted.version and actual.subnet_of(wanted))


def _operators() -> dict[str, Operator]:
    string: dict[str, tuple[Compare, Callable[[Sequence[str]], Test]]] = {
        "String{}Equals": (_string, _one_of),
        "String{}EqualsIgnoreCase": (_string_ignoring_case, _one_of_ignoring_case),
        "String{}Like": (match, _any_of(compiled)),
    }
    made = [Operator(name.format(no), c, bool(no), True, p) for name, (c, p) in string.items() for no in ("", "Not")]
    for name in ("Equals", "Like"):
        made.append(Operator(f"Arn{name}", match_arn, False, True, _any_of(arn_test)))
        made.append(Operator(f"ArnNot{name}", _arn_or_none, True, True, _each(_arn_or_none)))
    orders = {"Equals": eq, "LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    compared: dict[str, tuple[Compare, bool]] = {
        "Bool": (_parsed(_boolean, eq), False),
        "BinaryEquals": (_binary_equals, False),
        "IpAddress": (_parsed(_network, _inside), False),
        "NotIpAddress": (_parsed(_network, _inside, None), True),
        "NumericNotEquals": (_parsed(_number, eq, None), True),
        "DateNotEquals": (_parsed(_date, eq, None), True),
        **{f"Numeric{name}": (_parsed(_number, order), False) for name, order in orders.items()},
        **{f"Date{name}": (_parsed(_date, order), False) for name, order in orders.items()},
    }
    made += [Operator(name, c, negated, name == "Bool", _each(c)) for name, (c, negated) in compared.items()]
    return {operator.name.lower(): operator for operator in made}


def _each(compare: Compare) -> Callable[[Sequence[str]], Test]:
    return lambda values: lambda value: any3(compare((wanted,), value) for wanted in values)


OPERATORS = _operators()
