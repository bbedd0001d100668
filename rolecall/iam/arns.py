"""Matching of ARNs: by their six parts in conditions, and as Resource elements do it.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#Conditions_ARN ("each of the six colon-delimited components of the ARN is checked separately") and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html ("if the * wildcard is the
last character of a resource ARN segment, it can expand to match beyond the colon boundaries").
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rolecall.arn import split_parts
from rolecall.iam.match import Literal, Pattern, compiled, match
from rolecall.unknown import Field, Text, Tri, Unknown, all3, parts_of, text

_PARTS = 6


def match_arn(pattern: Pattern, value: Text) -> Tri:
    """Whether the ARN operators match: part by part, so that a wildcard stays within its part.

    A pattern or a value of fewer than six parts matches nothing.
    """
    if len(pattern) == 1 and type(pattern[0]) is str and isinstance(value, str):
        return arn_test(pattern[0])(value)
    want, have = split_parts(pattern, keep=Literal), split_parts(parts_of(value))
    if want is None or have is None:
        return _over_hidden_colons(pattern, value)
    if not len(want) == len(have) == _PARTS:
        return False
    return all3(match(tuple(w), text(*h)) for w, h in zip(want, have, strict=True))


@lru_cache(maxsize=8192)
def arn_test(pattern: str) -> Callable[[str], bool]:
    """``match_arn`` for a known pattern and known values."""
    parts = pattern.split(":", _PARTS - 1)
    if len(parts) < _PARTS:
        return lambda value: False
    head = ":".join(parts[:-1])
    if "*" not in head and "?" not in head:
        return compiled(pattern)  # its first five colons stand fixed: the whole text says the same, faster
    tests = [compiled(part) for part in parts]

    def test(value: str) -> bool:
        have = value.split(":", _PARTS - 1)
        if len(have) < _PARTS:
            return False
        for part_test, part in zip(tests, have, strict=True):  # noqa: SIM110 - twice as fast as all() of a generator
            if not part_test(part):
                return False
        return True

    return test


def same_arn(one: Text, other: Text) -> Tri:
    """Whether two texts are the same, part by part where both are ARNs."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    parts, others = split_parts(parts_of(one)), split_parts(parts_of(other))
    if not (parts and others and len(parts) == len(others) == _PARTS):
        return match(parts_of(one), other, wildcards=False)
    return all3(match(tuple(part), text(*there), wildcards=False) for part, there in zip(parts, others, strict=True))


def match_resource(pattern: Pattern, resource: Text) -> Tri:
    """Whether a value of a Resource element covers a resource.

    Part by part; as plain text where a star ends one of the first five parts. ``None`` also where AWS does not say: a
    pattern that leaves out the last parts and has no star for them.
    """
    if len(pattern) == 1 and type(pattern[0]) is str:
        if isinstance(resource, str):
            return resource_test(pattern[0])(resource)
        first, *rest = parts_of(resource)
        want, have = pattern[0].split(":", _PARTS - 1), first.split(":", _PARTS - 1) if isinstance(first, str) else []
        if len(want) == len(have) == _PARTS and not any("*" in part or "?" in part for part in want[:-1]):
            return want[:-1] == have[:-1] and match((want[-1],), text(have[-1], *rest))  # the same, faster
    shape = "".join(part if type(part) is str else "_" for part in pattern)
    whole = match(_with_fields(pattern), text(*_with_fields(parts_of(resource)))) if _star_ends_a_part(shape) else False
    if shape.startswith("arn:") and shape.count(":") < _PARTS - 1 and not shape.endswith("*"):
        return whole or (match((*pattern, "*"), resource) and None)
    return whole if _star_ends_a_part(shape) else match_arn(pattern, resource)


@lru_cache(maxsize=8192)
def resource_test(pattern: str) -> Callable[[str], Tri]:
    """``match_resource`` for a known pattern and known resources."""
    parts = pattern.split(":", _PARTS - 1)
    whole = compiled(pattern)
    if parts[0] != "arn" or (len(parts) < _PARTS and parts[-1].endswith("*")):
        return whole
    if len(parts) == _PARTS:
        head = pattern[: -len(parts[-1]) - 1]
        plain = "*" not in head and "?" not in head
        return whole if plain or _star_ends_a_part(pattern) else arn_test(pattern)
    tests = [compiled(part) for part in parts]
    crosses = _star_ends_a_part(pattern)

    def begins(resource: str) -> Tri:
        have = resource.split(":", _PARTS - 1)
        same = len(have) == _PARTS and all(test(part) for test, part in zip(tests, have, strict=False))
        return (crosses and whole(resource)) or (None if same else False)

    return begins


def _with_fields(pieces: Pattern) -> Pattern:
    """The pieces of an ARN in which what is not known of its first five parts holds no colon."""
    colons = 0
    found: list[Text] = []
    for piece in pieces:
        colons += piece.count(":") if isinstance(piece, str) else 0
        between = isinstance(piece, Unknown) and colons < _PARTS - 1
        found.append(Field(piece.reason, piece.symbol) if between and isinstance(piece, Unknown) else piece)
    return tuple(found) if colons >= _PARTS - 1 else pieces


def _star_ends_a_part(pattern: str) -> bool:
    return any(part.endswith("*") for part in pattern.split(":", _PARTS - 1)[: _PARTS - 1])


def _over_hidden_colons(pattern: Pattern, value: Text) -> Tri:
    """The answer on the whole text, where an unknown piece may stand for several parts of an ARN.

    It holds part by part too where both begin with the same unknown piece and where the pattern has no wildcard.
    """
    whole = match(pattern, value)
    first, have = pattern[0] if pattern else "", parts_of(value)[0]
    same = isinstance(first, Unknown) and isinstance(have, Unknown) and first.symbol and first.symbol == have.symbol
    loose = any(type(part) is str and ("*" in part or "?" in part) for part in pattern)
    return whole if same or not loose or not whole else None
