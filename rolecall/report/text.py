"""Strings from input, made safe to print: no control characters, no terminal escapes, no bidirectional overrides."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolecall.report.readers.base import Read

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, device strings
    r"|\x1b[ -/]*[0-~]?"
)
_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, format (bidi, zero width), surrogate, private, none


def clean(text: str) -> str:
    """The text on one line, without anything that a terminal or a browser would obey instead of show."""
    if text.isprintable():
        return text
    return " ".join(_visible(text).split())


def clean_lines(text: str) -> str:
    """As ``clean``, but line breaks and tabs stay: for snippets and commands."""
    return text if text.isprintable() else _visible(text)


def clean_result(read: Read) -> None:
    """Clean every string of a result and of its identity; snippets and commands keep their lines."""
    result, identity = read
    for part in (result, identity, result.lines, result.waived):
        for name in part.__struct_fields__ if part else ():
            value = getattr(part, name)
            if type(value) is str and not value.isprintable():
                setattr(part, name, clean(value))
    if not all(map(str.isprintable, result.evidence)):
        result.evidence = tuple(map(clean, result.evidence))
    for form, text in result.remediation.items():
        if _UNUSUAL.search(text):
            result.remediation[form] = clean_lines(text)


def _visible(text: str) -> str:
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _REMOVED)
