"""Text from a scanned file for a terminal or a log, where it must be shown and not obeyed."""

from __future__ import annotations

import json
import re

# Control characters, direction overrides, zero-width characters, unpaired surrogates: all that ``isprintable`` denies,
# apart from the space.
_SUSPECT = re.compile(r"[^\x20-\x7e]")


def printable(text: str) -> str:
    """The text on one line; control characters and direction overrides become visible escapes (``\\x1b``)."""
    return _SUSPECT.sub(lambda found: _shown(found[0]), text)


def printable_json(text: str) -> str:
    """The same JSON, such characters in its strings escaped (``\\u001b``)."""
    if text.isascii() and text.isprintable():
        return text
    return _SUSPECT.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


def _shown(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode()
