"""Rows as the page holds them: blocks that each stand for themselves, in which nothing is said twice.

What differs between rows of a kind is mostly names. In a text they are one character each (``MARKS``), so that the same
sentence on a thousand functions is one text. ``templates/data.js`` reads all this.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from rolecall.findings import GRAVEST_FIRST, SEVERITIES, Status
from rolecall.report.outputs.base import dumps
from rolecall.report.result import Result
from rolecall.report.rows import FOUND, JOINED, Row
from rolecall.report.wirings import resource_id

MARKS = "\ue000\ue001\ue002\ue003"
"""Stand for ARN, label, account and region of the row's resource: no text from input has such characters."""
_SHORTEST_NAME = 4
MOST_RESULTS = 50
"""Of one side of a row; the page says how many more there are."""
_STATUSES = ("", *(status.value for status in GRAVEST_FIRST))
_FOUND = ("", *FOUND)
_JOINED = ("", *JOINED)
_SURE = ("", "certain", "likely")
_CHANGES = ("", "new", "unchanged")
# each form of a remediation, and the framework of those that it is meant for
_MEANT_FOR = (
    ("cli", "live"),
    ("terraform", "terraform"),
    ("cloudformation", "cloudformation"),
    ("serverless", "serverless"),
)
WORDS = {"found": FOUND, "joined": JOINED, "sure": _SURE, "changes": _CHANGES, "severities": SEVERITIES,
         "statuses": _STATUSES, "foundKeys": _FOUND, "joinedKeys": _JOINED}  # fmt: skip


class _Numbered:
    """Things by their number, in the order in which they came."""

    def __init__(self, *first: Hashable) -> None:
        self._numbers: dict[Any, int] = {item: number for number, item in enumerate(first)}

    def __call__(self, item: Hashable) -> int:
        return self._numbers.setdefault(item, len(self._numbers))

    @property
    def items(self) -> list[Any]:
        return list(self._numbers)


def block(rows: Iterable[Row]) -> bytes:
    """Rows as JSON for a script element."""
    made = _Block()
    encoded = [made.row(row) for row in rows]
    return script_json(
        {
            "rules": made.rules.items,
            "strings": made.strings.items,
            "tools": made.tools.items,
            "things": made.things.items,
            "rows": encoded,
        }
    )


def script_json(value: Any) -> bytes:
    """JSON in which no HTML parser finds anything."""
    return (
        dumps(value)
        .replace(b"<", b"\\u003c")
        .replace(b">", b"\\u003e")
        .replace(b"&", b"\\u0026")
        .replace(b"\xe2\x80\xa8", b"\\u2028")
        .replace(b"\xe2\x80\xa9", b"\\u2029")
    )


class _Block:
    """rules: IDs. tools: tool, check, framework and type of results. things: the resources. strings: by number."""

    def __init__(self) -> None:
        self.rules = _Numbered()
        self.strings = _Numbered("")
        self.tools = _Numbered()
        self.things = _Numbered()
        self._names: tuple[tuple[str, str], ...] = ()

    def row(self, row: Row) -> list[Any]:
        own = (row.arn, row.resource, row.account, row.region)
        pairs = [(name, mark) for name, mark in zip(own, MARKS, strict=True) if len(name) >= _SHORTEST_NAME]
        self._names = tuple(pairs)
        thing = (
            resource_id(row.identity),
            row.resource,
            row.arn,
            *map(self.strings, (row.type, row.account, row.region)),
        )
        return _cut(
            [
                self.rules(row.rule),
                self.things(thing),
                SEVERITIES.index(row.severity),
                _STATUSES.index(row.status),
                _STATUSES.index(row.code_status),
                _STATUSES.index(row.live_status),
                self._text(row.message),
                [self._result(result) for result in row.code[:MOST_RESULTS]],
                [self._result(result) for result in row.live[:MOST_RESULTS]],
                _FOUND.index(row.found),
                _JOINED.index(row.joined_by),
                _SURE.index(row.sure),
                _CHANGES.index(row.change),
                [[form, self._text(text)] for form, text in fixes(row)],
                max(0, len(row.code) - MOST_RESULTS),
                max(0, len(row.live) - MOST_RESULTS),
            ]
        )

    def _result(self, result: Result) -> list[Any]:
        lines, waived = result.lines, result.waived
        return _cut(
            [
                self.tools((result.tool, result.check, result.framework, result.type)),
                _STATUSES.index(result.status),
                self._text(result.message),
                self._text(result.address),
                [self.strings(lines.file), lines.first, lines.last] if lines else 0,
                [self._text(fact) for fact in result.evidence],
                [self._text(text) for text in (waived.reason, waived.owner, waived.expires)] if waived else 0,
                self.strings(result.time[:16].replace("T", " ")),
            ]
        )

    def _text(self, text: str) -> int:
        for name, mark in self._names:
            if name in text:
                text = text.replace(name, mark)
        return self.strings(text)


def _cut(values: list[Any]) -> list[Any]:
    """Without what is empty at the end."""
    while values and not values[-1]:
        values.pop()
    return values


def fixes(row: Row) -> list[tuple[str, str]]:
    """Form and text of the remediations made for the row's resource, each once; those of the rule are with the rule.

    A form is taken from the side that it is meant for, where that fails.
    """
    made = [result for result in row.results if result.status != Status.PASS and result.remediation]
    found = list(dict.fromkeys(("text", text) for text in _texts(made, "text")))
    for form, framework in _MEANT_FOR:
        meant = [result for result in made if result.framework.startswith(framework) and result.remediation.get(form)]
        found += dict.fromkeys((form, text) for text in _texts(meant or made, form))
    general = row.about.remediation
    return [] if all(general.get(form) == text for form, text in found) else found[:MOST_RESULTS]


def _texts(results: Sequence[Result], form: str) -> list[str]:
    return [text for text in (result.remediation.get(form) for result in results) if text]
