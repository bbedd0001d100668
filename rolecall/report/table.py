"""The report for a terminal: a table of rows, and under it the faults with their fixes. Needs rich."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import click
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from rolecall.findings import Finding, Status
from rolecall.report.merge import Row
from rolecall.report.summary import Report, location, row_place, short_title
from rolecall.terminal import coloured

_STYLES = {
    "FAIL": "bold red",
    "ERROR": "bold magenta",
    "UNKNOWN": "yellow",
    "MUTED": "dim",
    "PASS": "green",
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
}
_NOTHING = "\N{EN DASH}"
_ASCII = str.maketrans({"─": "-", _NOTHING: "-", "…": "~"})
_ROWS_LISTED = 500
_UNKNOWN_TOLD = 10
_LABEL = 11


def show(report: Report, show_all: bool = False) -> None:
    """Print the report on standard output: in the terminal's width and colours, or 100 columns wide and plain."""
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if is_terminal else 100
    color = coloured()
    click.echo(render(report, max(width, 60), color, show_all, sys.stdout.encoding or "utf-8"), nl=False, color=color)


def render(
    report: Report, width: int = 100, color: bool = False, show_all: bool = False, encoding: str = "utf-8"
) -> str:
    """The report as text of lines no wider than ``width``.

    show_all: list every row, also those that pass on every side.
    encoding: that of the stream that the text goes to; what it cannot carry is replaced.
    """
    stream = StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=color,
        force_jupyter=False,
        force_interactive=False,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    shown = [row for row in report.rows if show_all or row.status is not Status.PASS]
    listed = shown if show_all else shown[:_ROWS_LISTED]
    if shown:
        console.print(_table(listed, width))
    if len(shown) > len(listed):
        console.print(Text(f"The worst {len(listed)} of {len(shown)} rows; all are in the report's files.", "dim"))
    passing = len(report.rows) - len(shown)
    if passing:
        rows = "row passes" if passing == 1 else "rows pass"
        console.print(Text(f"{passing} {'more ' if shown else ''}{rows} wherever looked at; --all lists them.", "dim"))
    for line in _details(listed, width):
        console.print(line)
    console.print()
    for note in report.notes:
        console.print(Text(note, "dim"))
    console.print(_last_line(report))
    text = "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
    if not encoding.lower().replace("_", "-").startswith("utf"):
        text = text.translate(_ASCII)
    return text.encode(encoding, "replace").decode(encoding)


def _table(rows: list[Row], width: int) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, width=min(width, 140), show_edge=False)
    table.add_column("severity", no_wrap=True, width=8)
    table.add_column("rule", overflow="fold", ratio=3)
    table.add_column("resource", overflow="fold", ratio=2)
    table.add_column("in code", no_wrap=True, width=7)
    table.add_column("in account", no_wrap=True, width=10)
    same = Counter((row.rule, row.resource) for row in rows)
    for row in rows:
        severity = "info" if row.severity == "informational" else row.severity
        resource = Text(row.resource)
        if same[row.rule, row.resource] > 1:
            resource.append(f"\n{row_place(row)}", "dim")
        table.add_row(
            Text(severity, _STYLES.get(severity, "")),
            Text(f"{row.rule} {short_title(row)}"),
            resource,
            _pill(row.code_status),
            _pill(row.live_status),
        )
    return table


def _pill(status: Status | None) -> Text:
    return Text(status.value, _STYLES[status.value]) if status else Text(_NOTHING, "dim")


def _details(rows: list[Row], width: int) -> Iterator[RenderableType]:
    """Each FAIL with its fix, each ERROR, and the first of the UNKNOWN."""
    rest: list[tuple[Row, list[Finding]]] = []
    for row in rows:
        faults = [f for f in row.code + row.live if f.status in (Status.FAIL, Status.ERROR)]
        unknown = [f for f in row.code + row.live if f.status is Status.UNKNOWN]
        if faults:
            yield Text(f"\n{row.rule} {row.resource}", "bold")
            yield from _said(faults)
            yield from _fix(faults, width)
        elif unknown:
            rest.append((row, unknown))
    if rest:
        yield Text("\nNot known", "bold")
        for row, unknown in rest[:_UNKNOWN_TOLD]:
            messages = list(dict.fromkeys(f.message for f in unknown))
            named = messages[-1] if row.resource in messages[-1] else f"{row.resource}: {messages[-1]}"
            more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
            yield _line(row.rule, "yellow", Text(named).append(more, "dim"))
        if len(rest) > _UNKNOWN_TOLD:
            yield _line("", "", Text(f"and {len(rest) - _UNKNOWN_TOLD} more, in the report's files", "dim"))


def _said(faults: list[Finding]) -> Iterator[RenderableType]:
    """The messages, each once, with the places it is said of."""
    by_message: dict[str, list[Finding]] = {}
    for finding in faults:
        by_message.setdefault(finding.message, []).append(finding)
    for message, said in by_message.items():
        sides = {"account" if f.resource.framework == "live" else "code" for f in said}
        where = ", ".join(dict.fromkeys(filter(None, map(location, said))))
        text = Text(message).append(f" [{where}]" if where else "", "dim")
        if said[0].status is Status.ERROR:
            text = Text("ERROR: ", _STYLES["ERROR"]) + text
        yield _line("both" if len(sides) > 1 else sides.pop(), _STYLES[said[0].status.value], text)


def _fix(faults: list[Finding], width: int) -> Iterator[RenderableType]:
    """The first sentence of the remediation, and the first lines of the command or the snippet."""
    failed = sorted((f for f in faults if f.status is Status.FAIL), key=lambda f: f.resource.framework != "live")
    for finding in failed[:1]:
        fix, framework = finding.remediation, finding.resource.framework
        sentence = " ".join(fix.text.split()).split(". ")[0].rstrip(".")
        if sentence:
            yield _line("fix", "green", Text(f"{sentence}."))
        for line in _first_lines(fix.code(framework)):
            text = Text(line, "dim")
            text.truncate(width - _LABEL, overflow="ellipsis")
            yield _line("", "", text)


def _first_lines(snippet: str) -> list[str]:
    lines = [line.expandtabs(4).rstrip() for line in snippet.split("\n") if line.strip()]
    return lines[:3] + (["…"] if len(lines) > 3 else [])


def _line(label: str, style: str, text: Text) -> RenderableType:
    """A label and a text that wraps beside it."""
    grid = Table.grid()
    grid.add_column(width=_LABEL)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {label}", style), text)
    return grid


def _last_line(report: Report) -> Text:
    counts = Text(f"{_count(report.rules, 'rule')}, {_count(report.resources, 'resource')}: ")
    for position, (status, count) in enumerate(report.statuses.items()):
        if count or status is not Status.MUTED:
            counts.append(", " if position else "")
            counts.append(f"{count} {status.value}", _STYLES[status.value] if count else "dim")
    return counts


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
