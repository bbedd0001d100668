"""Wildcard matching, three-valued: over text that may be known only in part.

Wildcards: ``*`` any run of characters, ``?`` any one. Time is at most pattern length times text length.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache

from rolecall.unknown import Field, Identifier, Segment, Text, Tri, Unknown, parts_of

_PRIVATE = 0xF0000  # the first of 65,534 characters that mean nothing: Unicode's supplementary private use area
_MOST_STEPS = 1_000_000  # beyond any text that IAM stores and we know in part; unknown then


class Literal(str):
    """Text in a pattern whose ``*`` and ``?`` stand for themselves (the value of a policy variable)."""

    __slots__ = ()


Pattern = tuple[Text, ...]
Test = Callable[[str], bool]


class _Wild(Enum):
    RUN = "*"
    ONE = "?"


_WILDCARDS = {wild.value: wild for wild in _Wild}
_Token = str | Unknown | _Wild


def glob(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern; both are known."""
    return compiled(pattern)(text)


@lru_cache(maxsize=8192)
def compiled(pattern: str) -> Test:
    """The test whether a whole known text matches the pattern.

    The pieces between the stars are looked for from left to right, each at its first place: what a star takes in can
    always be made shorter, so no place has to be tried twice and no pattern takes more than pattern times text.
    """
    if "*" not in pattern and "?" not in pattern:
        return pattern.__eq__
    if "?" not in pattern and pattern.count("*") == 1:
        before, _, after = pattern.partition("*")
        shortest = len(before) + len(after)
        return lambda text: len(text) >= shortest and text.startswith(before) and text.endswith(after)
    first, *middle, last = (
        (piece, _find(piece)) for piece in (re.split(r"\*+", pattern) if "*" in pattern else [pattern, ""])
    )
    least = len(first[0]) + len(last[0]) + sum(len(piece) for piece, _ in middle)
    if "*" not in pattern:
        return lambda text: len(text) == least and first[1](text, 0, least) == 0

    def test(text: str) -> bool:
        if len(text) < least:
            return False
        at, end = len(first[0]), len(text) - len(last[0])
        if first[1](text, 0, at) != 0 or last[1](text, end, len(text)) != end:
            return False
        for piece, find in middle:
            at = find(text, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return test


def _find(piece: str) -> Callable[[str, int, int], int]:
    """The first place in a stretch of text (start, end) where a piece without stars stands, or -1."""
    if "?" not in piece:
        return lambda text, start, end: text.find(piece, start, end)
    search = re.compile("".join("." if char == "?" else re.escape(char) for char in piece), re.DOTALL).search

    def find(text: str, start: int, end: int) -> int:
        found = search(text, start, end)
        return found.start() if found else -1

    return find


def match(pattern: Pattern, text: Text, *, wildcards: bool = True, ignore_case: bool = False) -> Tri:
    """Whether the text matches the pattern, whatever the unknown parts of either turn out to be.

    Unknown parts with one symbol are the same value. ``None`` when some values would match and others not.
    """
    if isinstance(text, str) and len(pattern) == 1 and type(pattern[0]) is str:
        known, text = (pattern[0].lower(), text.lower()) if ignore_case else (pattern[0], text)
        return compiled(known)(text) if wildcards else known == text
    parts = parts_of(text)
    if wildcards and not ignore_case and _begins_with(pattern[0] if len(pattern) == 1 else "", parts[0]):
        return True
    if not ignore_case and _spelled_matches(pattern, parts, wildcards=wildcards):
        return True
    want = _tokens(pattern, wildcards=wildcards, ignore_case=ignore_case)
    have = _tokens(parts, wildcards=False, ignore_case=ignore_case)
    if len(want) * len(have) > _MOST_STEPS:
        return None
    want, have = _without_common_ends(want, have, both=not wildcards)
    if _begin_apart(want, have):
        return False
    if _glob_tokens(want, have):
        return True
    if not any(isinstance(token, Unknown) for token in (*want, *have)):
        return False
    return None if _could_match(want, have) else False


def _begins_with(pattern: Text, first: Text) -> bool:
    """Whether the pattern is a beginning, then one star, and the text begins so, whatever follows: that is common."""
    if type(pattern) is not str or not isinstance(first, str) or not pattern.endswith("*"):
        return False
    beginning = pattern[:-1]
    return "*" not in beginning and "?" not in beginning and first.startswith(beginning)


def _spelled_matches(pattern: Sequence[Text], parts: Sequence[Text], *, wildcards: bool) -> bool:
    """Whether it certainly matches, found fast: each unknown part that has a symbol is one character of its own."""
    names: dict[str, str] = {}
    want, have = _spelled(pattern, names), _spelled(parts, names)
    if want is None or have is None or (wildcards and "?" in want):
        return False
    return glob(want, have) if wildcards else want == have


def _spelled(parts: Sequence[Text], names: dict[str, str]) -> str | None:
    """The parts as one text, or ``None`` when that cannot be done. names: the characters by symbol; grows."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            if isinstance(part, Literal) or not part.isascii():
                return None
            pieces.append(part)
        elif part.symbol and parts_of(part) == (part,):
            pieces.append(names.setdefault(part.symbol, chr(_PRIVATE + len(names))))
        else:
            return None
    return "".join(pieces)


def _tokens(parts: Sequence[Text], *, wildcards: bool, ignore_case: bool) -> list[_Token]:
    tokens: list[_Token] = []
    for part in parts:
        if isinstance(part, Unknown):
            known_in_part = parts_of(part)
            if known_in_part == (part,):
                tokens.append(part)
            else:
                tokens.extend(_tokens(known_in_part, wildcards=False, ignore_case=ignore_case))
        elif wildcards and not isinstance(part, Literal):
            folded = part.lower() if ignore_case else part
            tokens.extend(_WILDCARDS.get(char, char) for char in folded)
        else:
            tokens.extend(part.lower() if ignore_case else part)
    return tokens


def _same(want: _Token, have: _Token) -> bool:
    if isinstance(want, Unknown) or isinstance(have, Unknown):
        return (
            isinstance(want, Unknown) and isinstance(have, Unknown) and bool(want.symbol) and want.symbol == have.symbol
        )
    return want == have or want is _Wild.ONE


def _without_common_ends(want: list[_Token], have: list[_Token], *, both: bool) -> tuple[list[_Token], list[_Token]]:
    """What decides whether a pattern matches: the rest without what is the same at the beginning, before any wildcard.

    both: the pattern has no wildcards at all, so that what is the same at the end decides nothing either.
    """
    most = min(len(want), len(have))
    first = next((at for at in range(most) if isinstance(want[at], _Wild) or not _same(want[at], have[at])), most)
    most -= first
    last = next((at for at in range(most) if not _same(want[-1 - at], have[-1 - at])), most) if both else 0
    return want[first : len(want) - last], have[first : len(have) - last]


def _begin_apart(want: list[_Token], have: list[_Token]) -> bool:
    """Whether both begin with an ID, each with another one, that a slash, a colon or the end follows."""
    return all(
        bool(tokens) and isinstance(tokens[0], Identifier) and tokens[1:2] in ([], ["/"], [":"])
        for tokens in (want, have)
    )


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
                takes = not (isinstance(token, Segment) and _is_outside(token, wanted))
                row[h] = row[h - 1] or (takes and reach[h]) or (loose and reach[h - 1])
            elif loose:
                row[h] = reach[h] or (row[h - 1] and not (isinstance(wanted, Segment) and _is_outside(wanted, token)))
            else:
                row[h] = reach[h - 1] and (wanted == token or wanted is _Wild.ONE)
        reach = row
    return reach[-1]


def _is_outside(value: _Token, char: _Token) -> bool:
    """Whether a character cannot be part of a value that stands between slashes or colons."""
    return char == "/" or (char == ":" and isinstance(value, Field))
