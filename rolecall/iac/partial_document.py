"""JSON and YAML text of which parts are not known: a definition with references in it.

What is not known becomes a mark that no text has, the text is parsed, and the marks become what they stand for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from rolecall.unknown import Text, Unknown, parts_of, text

LARGEST = (
    1 << 20
)  # of a state machine's definition; https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas
_MAX_DEPTH = 100
_OPEN, _CLOSE = "\ue000", "\ue001"  # of Unicode's private use: no document has them, JSON and YAML allow them
_MARK = re.compile(f"{_OPEN}([0-9]{{1,7}}){_CLOSE}", re.ASCII)
_PLACEHOLDER = re.compile(r"\$\{([^${}\s]{1,255})\}")
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc,valid-type]
    """A safe loader of a short text that stays short: no merge keys, which can double with every line."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leaves merge keys where they are; the loader then says that it does not know them."""


def parsed(document: Any) -> Any:
    """The content of JSON or YAML text; ``Unknown`` when it is not known, not text, or cannot be read.

    A value of which a part is not known is ``Unknown`` or ``PartlyKnown``, as that text is outside of a document.
    """
    pieces = parts_of(document) if isinstance(document, (str, Unknown)) else ()
    known = [piece for piece in pieces if isinstance(piece, str)]
    if not known:
        return document if isinstance(document, Unknown) else Unknown("it is neither an object nor text")
    if sum(map(len, known)) > LARGEST or len(pieces) > LARGEST:
        return Unknown("it is too large")
    if any(mark in piece for piece in known for mark in (_OPEN, _CLOSE)):
        return Unknown("it has characters of private use")
    marked = "".join(p if isinstance(p, str) else f"{_OPEN}{at}{_CLOSE}" for at, p in enumerate(pieces))
    try:
        content = _content(marked)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return Unknown("it is neither JSON nor YAML that could be read")
    return mapped(content, lambda value: _restored(value, pieces))


def substituted(document: Any, values: Mapping[str, Text]) -> Any:
    """A document with ``${Name}`` replaced in it. document: text or an object. values: what the names stand for.

    A placeholder without a value is ``Unknown``.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
    """
    return mapped(document, lambda value: _substituted(value, values))


def mapped(value: Any, change: Callable[[str], Text]) -> Any:
    """A copy of nested objects and lists with every known text in them changed; keys as well, as text."""
    return _mapped(value, change, {}, 0)


def _mapped(value: Any, change: Callable[[str], Text], known: dict[int, tuple[Any, Any]], depth: int) -> Any:
    """known: what was copied, with its copy, so that anchors stay shared and what contains itself ends."""
    if isinstance(value, (str, Unknown)):
        return text(*(change(piece) if isinstance(piece, str) else piece for piece in parts_of(value)))
    if not isinstance(value, (Mapping, list)):
        return value
    if depth > _MAX_DEPTH:
        return Unknown("nested too deeply")
    if id(value) not in known:
        known[id(value)] = (value, Unknown("contains itself"))
        copy: Any = (
            {str(change(str(key))): _mapped(item, change, known, depth + 1) for key, item in value.items()}
            if isinstance(value, Mapping)
            else [_mapped(item, change, known, depth + 1) for item in value]
        )
        known[id(value)] = (value, copy)
    return known[id(value)][1]


def _content(marked: str) -> Any:
    try:
        return json.loads(marked)
    except ValueError:
        return yaml.load(marked, _Loader)  # noqa: S506  # it is safe


def _restored(value: str, pieces: tuple[Text, ...]) -> Text:
    found = _MARK.split(value)
    return text(*(pieces[int(part)] if at % 2 else part for at, part in enumerate(found)))


def _substituted(value: str, values: Mapping[str, Text]) -> Text:
    found = _PLACEHOLDER.split(value)
    return text(*(_value(part, values) if at % 2 else part for at, part in enumerate(found)))


def _value(name: str, values: Mapping[str, Text]) -> Text:
    return values[name] if name in values else Unknown(f"${{{name}}} has no value")
