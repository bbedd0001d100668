"""The report as one HTML file that fetches nothing, for people. Needs Jinja2.

What counts (numbers, problems, waivers) stands in the page; a script draws the rest from the data in it, and without
scripts there is a table of the worst rows. Everything from input is text: the templates escape it, the script sets it
as text, and a content security policy lets only this file's own style and script run, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from rolecall.report.outputs.base import Output, Writer
from rolecall.report.outputs.html_rows import WORDS, block, script_json
from rolecall.report.rows import Row, Rule
from rolecall.report.summary import Summary

MOST_ROWS = 50_000
STATIC_ROWS = 100
_TEMPLATES = Path(__file__).parents[1] / "templates"
_SCRIPTS = ("dom.js", "data.js", "state.js", "filter.js", "form.js", "overview.js", "list.js", "virtual.js",
            "remedy.js", "drawing.js", "resource.js", "print.js", "report.js")  # fmt: skip


class Html(Output):
    file = "report.html"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        style, script = _style(), _script()
        page = _template("report.html").render(
            summary=summary,
            held=min(summary.counts.rows, MOST_ROWS),
            style=style,
            policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
            "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            data=script_json(
                {
                    "total": summary.counts.rows,
                    "rules": rules,
                    "wirings": summary.wirings,
                    "bothSides": summary.both_sides,
                    "words": WORDS,
                }
            ).decode(),
        )
        return page.encode()

    def format(self, rows: Iterable[Row], summary: Summary) -> _Part | None:
        held = [row for row in rows if row.n < MOST_ROWS]
        if not held:
            return None
        worst = [row for row in held if row.n < STATIC_ROWS]
        return _Part(block(held), _template("rows.html").render(rows=worst).encode() if worst else b"")

    def writer(self, file: BinaryIO) -> Writer:
        return _Page(file)

    def tail(self, summary: Summary) -> bytes:
        return _template("end.html").render(script=_script()).encode()


class _Part(NamedTuple):
    """data: rows for the script. static: the worst of them as rows of a table."""

    data: bytes
    static: bytes


class _Page:
    """The data, and behind it the table for where no scripts run."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._static: list[bytes] = []
        self._between = b""
        file.write(b'<script type="application/json" id="rows">[')

    def add(self, part: _Part | None) -> None:
        if part:
            self._file.write(self._between + part.data)
            self._between = b",\n"
            self._static.append(part.static)

    def end(self) -> None:
        table = _template("worst.html").render(rows=b"".join(self._static).decode())
        self._file.write(b"]</script>\n" + table.encode())


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


@cache
def _style() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _script() -> str:
    """All scripts as one, in a scope of their own."""
    parts = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return "\n'use strict';\n(() => {\n" + "\n".join(parts) + "})();\n"


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
