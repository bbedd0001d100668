"""Patterns of names: ``*`` stands for any text, ``?`` for one character; everything else for itself."""

from __future__ import annotations

import re


class Pattern:
    """Takes no more time than the length of pattern times that of the name, whoever wrote them."""

    def __init__(self, text: str) -> None:
        pieces = re.split(r"\*+", text)
        self._first, *self._more = map(_piece, pieces)
        self._end = len(pieces[-1])

    def fits(self, name: str) -> bool:
        """Whether the pattern is all of the name."""
        if not self._more:
            return self._first.fullmatch(name) is not None
        found = self._first.match(name)
        for piece in self._more[:-1]:
            found = found and piece.search(name, found.end())
        rest = len(name) - self._end
        return found is not None and rest >= found.end() and self._more[-1].fullmatch(name, rest) is not None


def _piece(text: str) -> re.Pattern[str]:
    return re.compile("".join("." if char == "?" else re.escape(char) for char in text), re.DOTALL)
