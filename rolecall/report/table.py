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

from rolecall.findings import Remediation
from rolecall.report.make import Made
from rolecall.report.result import Result
from rolecall.report.rows import FOUND, JOINED, Row
from rolecall.report.summary import Failing, Summary
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
ROWS_LISTED = 500
_UNKNOWN_TOLD = 10
_LABEL = 11


def show(made: Made) -> None:
    """Print a report on standard output: in the terminal's width and colours, or 100 columns wide and plain."""
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if is_terminal else 100
    color = coloured()
    click.echo(render(made, max(width, 60), color, sys.stdout.encoding or "utf-8"), nl=False, color=color)


def render(made: Made, width: int = 100, color: bool = False, encoding: str = "utf-8") -> str:
    """The report as text of lines no wider than ``width``.

    Rows of Rolecall's rules are listed, other controls with their numbers; what is left out is counted.
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
    summary, listed = made.summary, made.listed
    if listed:
        console.print(_table(listed, width))
    for said in _left_out(made):
        console.print(Text(said, "dim"))
    for line in _details(listed, width):
        console.print(line)
    if made.controls:
        console.print(Text("\nChecks of Checkov, Prowler and others, and how many resources fail them", "bold"))
        console.print(_controls(made.controls, width))
    console.print()
    for note in summary.notes:
        console.print(Text(note, "dim"))
    for count in _found(summary):
        console.print(count)
    console.print(_last_line(summary))
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
            resource.append(f"\n{row.place}", "dim")
        table.add_row(
            Text(severity, _STYLES.get(severity, "")),
            Text(row.about.short if row.about.short == row.title else f"{row.rule} {row.about.short}"),
            resource,
            _pill(row.code_status),
            _pill(row.live_status),
        )
    return table


def _left_out(made: Made) -> Iterator[str]:
    counts = made.summary.counts
    passing = counts.status["PASS"] - sum(row.status == "PASS" for row in made.listed)
    if made.left_out:
        yield f"The worst {len(made.listed)} of {len(made.listed) + made.left_out} rows; all are in the report's files."
    if passing:
        rows = "row passes" if passing == 1 else "rows pass"
        yield f"{passing} {'more ' if made.listed else ''}{rows} wherever looked at; --all lists them."


def _controls(controls: list[Failing], width: int) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, width=min(width, 140), show_edge=False)
    table.add_column("severity", no_wrap=True, width=8)
    table.add_column("control", overflow="fold", ratio=1)
    table.add_column("in code", no_wrap=True, width=7, justify="right")
    table.add_column("in account", no_wrap=True, width=10, justify="right")
    for each in controls:
        severity = "info" if each.about.severity == "informational" else each.about.severity
        counts = (str(count or _NOTHING) for count in (each.code, each.account))
        table.add_row(Text(severity, _STYLES.get(severity, "")), Text(each.about.short), *map(Text, counts))
    return table


def _pill(status: str) -> Text:
    return Text(status, _STYLES[status]) if status else Text(_NOTHING, "dim")


def _details(rows: list[Row], width: int) -> Iterator[RenderableType]:
    """Each FAIL with its fix, each ERROR, and the first of the UNKNOWN."""
    rest: list[tuple[Row, list[Result]]] = []
    for row in rows:
        faults = [result for result in row.code + row.live if result.status in ("FAIL", "ERROR")]
        unknown = [result for result in row.code + row.live if result.status == "UNKNOWN"]
        if faults:
            yield Text(f"\n{row.rule} {row.resource}", "bold")
            yield from _said(faults)
            if row.joined_by and row.sure != "certain":
                yield _line("", "", Text(f"that code and account are one is likely: {JOINED[row.joined_by]}", "dim"))
            if row.fits:
                yield _line(
                    "", "", Text(f"it may be any of {row.fits} in the account; the code does not say which", "dim")
                )
            yield from _fix(row, faults, width)
        elif unknown:
            rest.append((row, unknown))
    if rest:
        yield Text("\nNot known", "bold")
        for row, unknown in rest[:_UNKNOWN_TOLD]:
            messages = list(dict.fromkeys(result.message for result in unknown))
            named = messages[-1] if row.resource in messages[-1] else f"{row.resource}: {messages[-1]}"
            more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
            yield _line(row.rule, "yellow", Text(named).append(more, "dim"))
        if len(rest) > _UNKNOWN_TOLD:
            yield _line("", "", Text(f"and {len(rest) - _UNKNOWN_TOLD} more, in the report's files", "dim"))


def _said(faults: list[Result]) -> Iterator[RenderableType]:
    """The messages, each once, with the places it is said of."""
    by_message: dict[str, list[Result]] = {}
    for result in faults:
        by_message.setdefault(result.message, []).append(result)
    for message, said in by_message.items():
        sides = {"account" if result.live else "code" for result in said}
        where = ", ".join(dict.fromkeys(filter(None, (result.place for result in said))))
        text = Text(message).append(f" [{where}]" if where else "", "dim")
        if said[0].status == "ERROR":
            text = Text("ERROR: ", _STYLES["ERROR"]) + text
        yield _line("both" if len(sides) > 1 else sides.pop(), _STYLES[said[0].status], text)


def _fix(row: Row, faults: list[Result], width: int) -> Iterator[RenderableType]:
    """The first sentence of the remediation, and the first lines of the command or the snippet."""
    failed = sorted((result for result in faults if result.status == "FAIL"), key=lambda result: not result.live)
    for result in failed[:1]:
        fix = Remediation(**(result.remediation or row.about.remediation))
        sentence = " ".join(fix.text.split()).split(". ")[0].rstrip(".")
        if sentence:
            yield _line("fix", "green", Text(f"{sentence}."))
        for line in _first_lines(fix.code(result.framework)):
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


def _found(summary: Summary) -> Iterator[Text]:
    """Where the faults were found, and how that compares with the baseline."""
    found = [f"{count} {FOUND[name]}" for name, count in summary.counts.found.items() if count]
    if found and summary.both_sides:
        yield Text(f"Failing: {', '.join(found)}.")
    if summary.counts.change:
        yield Text(
            f"Against the baseline: {', '.join(f'{n} {change}' for change, n in summary.counts.change.items())}."
        )


def _last_line(summary: Summary) -> Text:
    line = f"{_count(summary.counts.rules, 'rule')}, {_count(summary.counts.resources, 'resource')}: "
    counts = Text(line)
    for position, (status, count) in enumerate(summary.counts.status.items()):
        if count or status != "MUTED":
            counts.append(", " if position else "")
            counts.append(f"{count} {status}", _STYLES[status] if count else "dim")
    return counts


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
