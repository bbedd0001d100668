"""The report as Markdown for a comment on a pull request: short, the worst first, within GitHub's limit of a comment.

What comes from input stands in code spans or is escaped: it makes no links, mentions or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from rolecall.report.outputs.base import Output, Writer, shortened
from rolecall.report.rows import FOUND, Row, Rule
from rolecall.report.summary import Summary

MOST_ROWS = 30
LARGEST = 60_000
"""Of the 65,536 characters that a comment may have."""
_MARKS = {"critical": "\N{LARGE RED CIRCLE}", "high": "\N{LARGE ORANGE CIRCLE}", "medium": "\N{LARGE YELLOW CIRCLE}",
          "low": "\N{LARGE BLUE CIRCLE}", "informational": "\N{MEDIUM WHITE CIRCLE}"}  # fmt: skip
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$:/.-])")
_LONGEST = 300


class Markdown(Output):
    file = "report.md"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        status, counts = summary.counts.status, summary.counts
        lines = ["### Rolecall", ""]
        if summary.problems:
            lines += [f"> **This report is not complete.** {_text(problem)}" for problem in summary.problems[:5]] + [""]
        new = counts.change.get("new")
        said = f"**{_count(status['FAIL'], 'fault')}**" + (f", {new} of them new" if new is not None else "")
        others = [f"{status[name]} {word}" for name, word in _WORDS.items() if status[name]]
        lines += [f"{said} in {_count(counts.rows, 'row')}{': ' if others else ''}{', '.join(others)}.", ""]
        if summary.fixed:
            fixed = ", ".join(f"{_code(one.rule)} on {_code(one.resource)} ({one.how})" for one in summary.fixed[:5])
            more = f" and {len(summary.fixed) - 5} more" if len(summary.fixed) > 5 else ""
            lines += [f"No longer failing: {fixed}{more}.", ""]
        if status["FAIL"]:
            lines += ["| | rule | resource | fault |", "|---|---|---|---|", ""]
        return "\n".join(lines).encode()

    def format(self, rows: Iterable[Row], summary: Summary) -> list[str]:
        """Table rows. Faults come first, so that only the first of all rows are looked at."""
        return [_row(row) for row in rows if row.status == "FAIL" and row.n < MOST_ROWS]

    def writer(self, file: BinaryIO) -> Writer:
        return _Bounded(file)

    def tail(self, summary: Summary) -> bytes:
        more = summary.counts.status["FAIL"] - MOST_ROWS
        lines = [f"\n{more} more in the full report." if more > 0 else ""]
        expired = [waiver for waiver in summary.waivers if waiver.expired]
        for one in expired[:10]:
            lines.append(
                f"\n- waiver expired {one.expires}: {_code(one.rule)} for {_code(one.resource)} ({_text(one.owner)})"
            )
        return ("\n".join(filter(None, lines)) + "\n").encode()


_WORDS = {"UNKNOWN": "not known", "ERROR": "broken", "MUTED": "muted", "PASS": "passing"}


class _Bounded:
    """Rows while there is room."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._room = file, LARGEST

    def add(self, part: list[str]) -> None:
        for line in part:
            self._room -= len(line)
            if self._room > 0:
                self._file.write(line.encode())

    def end(self) -> None:
        pass


def _row(row: Row) -> str:
    where = f"<br>{_code(row.place)}" if row.place else ""
    known = " ".join(filter(None, (FOUND[row.found] if row.live and row.code else "", row.change)))
    fault = _text(shortened(row.message, _LONGEST)) + (f" *({known})*" if known else "")
    fix = row.remedy.get("text", "").split(". ")[0].rstrip(".")
    if fix:
        fault += f"<br>**Fix:** {_text(shortened(fix, _LONGEST))}."
    mark = f"{_MARKS[row.severity]} {row.severity}"
    name = _code(row.rule) + f"<br>{_text(row.about.short)}"
    return f"| {mark} | {name} | {_code(row.resource)}{where} | {fault} |\n"


def _code(text: str) -> str:
    """A code span that no text ends, in a table."""
    return f"`{shortened(text, _LONGEST).replace('`', chr(0x2019)).replace('|', chr(0x2223))}`" if text else ""


def _text(text: str) -> str:
    """Text in which nothing is Markdown, HTML, a mention or a link."""
    return _SPECIAL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    char = found[1]
    # GitHub makes mentions and links of escaped text as well; an entity, or a joiner of no width, prevents that
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@\u2060", ":": ":\u2060", ".": ".", "/": "/", "-": "-",
            "(": "(", ")": ")", "$": "$"}.get(char, f"\\{char}")  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
