"""Strings from input, made safe to print: no control characters, no terminal escapes, no bidirectional overrides."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from rolecall.findings import Finding, Remediation
from rolecall.model import Location, Resource
from rolecall.unknown import Text

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, device strings
    r"|\x1b[ -/]*[0-~]?"
)
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, format (bidi, zero width), surrogate, private, none


def clean(text: str) -> str:
    """The text on one line, without anything that a terminal or a browser would obey instead of show."""
    if text.isprintable():
        return text
    return " ".join(_visible(text).split())


def clean_lines(text: str) -> str:
    """As ``clean``, but line breaks and tabs stay: for snippets and commands."""
    return text if text.isprintable() else _visible(text)


def clean_finding(finding: Finding) -> Finding:
    """The finding with every string of it cleaned; snippets and commands keep their lines."""
    return finding._replace(
        rule=clean(finding.rule),
        title=clean(finding.title),
        resource=_clean_resource(finding.resource),
        function=clean(finding.function),
        message=clean(finding.message),
        evidence=tuple(clean(fact) for fact in finding.evidence),
        remediation=Remediation(**{form: clean_lines(text) for form, text in vars(finding.remediation).items()}),
    )


def shown_path(file: str) -> str:
    """A path for a reader: relative to the working directory where it lies below it, else as it is."""
    return os.path.relpath(file) if os.path.isabs(file) and Path(file).is_relative_to(Path.cwd()) else file


def _visible(text: str) -> str:
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _REMOVED)


def _clean_resource(resource: Resource) -> Resource:
    place = resource.location
    return replace(
        resource,
        framework=clean(resource.framework),
        type=clean(resource.type),
        address=clean(resource.address),
        key=clean(resource.key),
        name=_clean_text(resource.name),
        arn=_clean_text(resource.arn),
        account=_clean_text(resource.account),
        region=_clean_text(resource.region),
        location=place and Location(clean(place.file), place.first_line, place.last_line),
    )


def _clean_text(value: Text) -> Text:
    return clean(value) if isinstance(value, str) else value
