"""Wildcard matching over text that may be known only in part.

Wildcards: ``*`` any run of characters, ``?`` any one. Time is at most pattern length times text length.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from rolecall.unknown import Text, Tri, Unknown, parts_of

_ARN_PARTS = 6
_MOST_STEPS = 4_000_000  # beyond any policy that IAM stores; unknown then


class Literal(str):
    """Text in a pattern whose ``*`` and ``?`` stand for themselves (the value of a policy variable)."""

    __slots__ = ()


Pattern = tuple[Text, ...]


class _Wild(Enum):
    RUN = "*"
    ONE = "?"


_WILDCARDS = {wild.value: wild for wild in _Wild}
_Token = str | Unknown | _Wild


def glob(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern; both are known."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    return _glob_tokens([_WILDCARDS.get(char, char) for char in pattern], list(text))


def match(pattern: Pattern, text: Text, *, wildcards: bool = True, ignore_case: bool = False) -> Tri:
    """Whether the text matches the pattern, whatever the unknown parts of either turn out to be.

    Unknown parts with one symbol are the same value. ``None`` when some values would match and others not.
    """
    if isinstance(text, str) and len(pattern) == 1 and type(pattern[0]) is str:
        if wildcards and "*" in pattern[0] and len(pattern[0]) * len(text) > _MOST_STEPS:
            return None
        known, text = (pattern[0].casefold(), text.casefold()) if ignore_case else (pattern[0], text)
        return glob(known, text) if wildcards else known == text
    if sum(len(str(part)) for part in pattern) * len(str(text)) > _MOST_STEPS:
        return None
    want = _tokens(pattern, wildcards=wildcards, ignore_case=ignore_case)
    have = _tokens(parts_of(text), wildcards=False, ignore_case=ignore_case)
    if _glob_tokens(want, have):
        return True
    if not any(isinstance(token, Unknown) for token in (*want, *have)):
        return False
    return None if _could_match(want, have) else False


def match_arn(pattern: Pattern, text: Text) -> Tri:
    """Like ``match`` for ARNs: a wildcard does not reach across the colons of the first five parts.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    (ARN operators: each of the six colon-delimited components is checked separately).
    """
    if len(pattern) == 1 and isinstance(pattern[0], str) and isinstance(text, str):
        want = pattern[0].split(":", _ARN_PARTS - 1)
        if text.count(":") >= _ARN_PARTS - 1 and not isinstance(pattern[0], Literal):
            have = text.split(":", len(want) - 1)
            whole = len(want) == _ARN_PARTS or want[-1].endswith("*")  # a last star stands for all parts that follow
            return whole and all(glob(w, h) for w, h in zip(want, have, strict=True))
    return match(pattern, text)


def _tokens(parts: Sequence[Text], *, wildcards: bool, ignore_case: bool) -> list[_Token]:
    tokens: list[_Token] = []
    for part in parts:
        if isinstance(part, Unknown):
            tokens.extend(parts_of(part) if parts_of(part) == (part,) else _tokens_of_known(part, ignore_case))
        elif wildcards and not isinstance(part, Literal):
            folded = part.casefold() if ignore_case else part
            tokens.extend(_WILDCARDS.get(char, char) for char in folded)
        else:
            tokens.extend(part.casefold() if ignore_case else part)
    return tokens


def _tokens_of_known(value: Unknown, ignore_case: bool) -> list[_Token]:
    return _tokens(parts_of(value), wildcards=False, ignore_case=ignore_case)


def _same(want: _Token, have: _Token) -> bool:
    if isinstance(want, Unknown) or isinstance(have, Unknown):
        return (
            isinstance(want, Unknown) and isinstance(have, Unknown) and bool(want.symbol) and want.symbol == have.symbol
        )
    return want == have or want is _Wild.ONE


def _glob_tokens(want: Sequence[_Token], have: Sequence[_Token]) -> bool:
    """Greedy matching with one step back to the last star: certain, for every value of the unknown tokens."""
    w = h = 0
    last_star = resume = -1
    while h < len(have):
        if w < len(want) and want[w] is _Wild.RUN:
            last_star, resume, w = w, h, w + 1
        elif w < len(want) and _same(want[w], have[h]):
            w, h = w + 1, h + 1
        elif last_star >= 0:
            resume += 1
            w, h = last_star + 1, resume
        else:
            return False
    return all(token is _Wild.RUN for token in want[w:])


def _could_match(want: Sequence[_Token], have: Sequence[_Token]) -> bool:
    """Whether some value of the unknown tokens makes the text match: unknown tokens are stars on their side."""
    reach = [False] * (len(have) + 1)
    reach[0] = True
    for h, token in enumerate(have, start=1):
        reach[h] = reach[h - 1] and isinstance(token, Unknown)
    for wanted in want:
        loose = isinstance(wanted, Unknown) or wanted is _Wild.RUN
        row = [reach[0] and loose] + [False] * len(have)
        for h, token in enumerate(have, start=1):
            if isinstance(token, Unknown):
                row[h] = row[h - 1] or reach[h] or (loose and reach[h - 1])
            elif loose:
                row[h] = row[h - 1] or reach[h]
            else:
                row[h] = reach[h - 1] and (wanted == token or wanted is _Wild.ONE)
        reach = row
    return reach[-1]
