"""The syntax of a variable: ``${kind:address, 'default'}``, with more of them inside."""

from __future__ import annotations

from typing import Any

from rolecall.unknown import Text, Unknown


def closing(raw: str, position: int) -> int:
    """Where the brace that is open at a position is closed; -1: nowhere."""
    depth = 1
    quote = ""
    while position < len(raw):
        char = raw[position]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif raw.startswith("${", position):
            depth += 1
            position += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return -1


def split(inner: str) -> list[str]:
    """The sources, which commas separate that stand in no quotes, parentheses or braces."""
    parts = [""]
    depth = 0
    quote = ""
    for char in inner:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "({":
            depth += 1
        elif char in ")}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append("")
            continue
        parts[-1] += char
    return parts


def kind_of(source: str) -> tuple[str, str]:
    """``self:a.b`` in its kind and its address; ``file(x.yml):a`` keeps the path with its kind."""
    if source.startswith("file("):
        end = source.find(")")
        return (source[: end + 1], source[end + 1 :].lstrip(":").strip()) if end > 0 else (source, "")
    kind, _, address = source.partition(":")
    return kind.partition("(")[0].strip(), address.strip()


def as_piece(value: Any) -> Text:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    return value if isinstance(value, Unknown) else Unknown("a list or an object inside a text")
