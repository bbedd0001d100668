"""An account's findings on a terminal: by function, the gravest first, and a table of rules at the end."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

from rolecall.catalog import load_catalog
from rolecall.findings import GRAVEST_FIRST, SEVERITIES, Finding, Status
from rolecall.live.scan import Account, Scan
from rolecall.printable import printable
from rolecall.terminal import coloured

_COLOURS = {Status.FAIL: "red", Status.ERROR: "red", Status.UNKNOWN: "yellow", Status.PASS: "green",
            Status.MUTED: "bright_black"}  # fmt: skip
_COLUMNS = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.MUTED, Status.ERROR)
_IF_ANY = (Status.MUTED, Status.ERROR)
_INDENT = " " * 10
_WIDEST = 120


class Progress:
    """One line on standard error while the account is read; none where that is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._shown:
            click.echo(f"\r\x1b[Kreading {what}: {done} of {total}", nl=False, err=True)

    def done(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def show(scanned: Scan, account: Account, regions: Sequence[str], show_all: bool = False) -> None:
    """Print a scan on standard output, in colour only where that is a terminal."""
    colour = coloured()
    width = min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)
    for line in render(scanned, account, regions, width, show_all):
        click.echo(line, color=colour)


def render(
    scanned: Scan, account: Account, regions: Sequence[str], width: int = 100, show_all: bool = False
) -> Iterator[str]:
    """The lines, no wider than ``width`` but for commands, which stay on one line to be copied."""
    functions = len(scanned.inventory.functions)
    yield f"account {account.id}, {', '.join(regions)}: {functions} function{'' if functions == 1 else 's'}"
    shown = [finding for finding in scanned.findings if show_all or finding.status is not Status.PASS]
    by_resource: dict[str, list[Finding]] = {}
    for finding in sorted(shown, key=_gravity):
        by_resource.setdefault(finding.resource.key, []).append(finding)
    for findings in by_resource.values():
        resource = findings[0].resource
        yield ""
        yield click.style(f"{printable(resource.label)}  {resource.region}", bold=True)
        for finding in findings:
            yield from _finding(finding, width)
    yield ""
    yield from _table(scanned.findings, width)


def _gravity(finding: Finding) -> tuple[int, int, str]:
    return GRAVEST_FIRST.index(finding.status), SEVERITIES.index(finding.severity), finding.rule


def _finding(finding: Finding, width: int) -> Iterator[str]:
    status = click.style(f"{finding.status.value:<8}", fg=_COLOURS[finding.status])
    severity = f" ({finding.severity})" if finding.status is Status.FAIL else ""
    said = f"{finding.rule}{severity}  {printable(finding.message)}"
    first, *more = textwrap.wrap(said, max(width - len(_INDENT), 40), break_long_words=False, break_on_hyphens=False)
    yield f"  {status}{first}"
    yield from (f"{_INDENT}{line}" for line in more)
    if finding.status is Status.FAIL:
        yield from (f"{_INDENT}{click.style('$', dim=True)} {printable(line)}"
                    for line in finding.remediation.cli.splitlines())  # fmt: skip


def _table(findings: Iterable[Finding], width: int) -> Iterator[str]:
    catalog = load_catalog()
    counts: dict[str, Counter[Status]] = {}
    for finding in findings:
        counts.setdefault(finding.rule, Counter())[finding.status] += 1
    if not counts:
        return
    columns = [status for status in _COLUMNS if status not in _IF_ANY or any(c[status] for c in counts.values())]
    room = width - 21 - 9 * len(columns)
    yield f"{'rule':<7}{'severity':<14}{''.join(f'{status.value:>9}' for status in columns)}"
    for rule, count in sorted(counts.items()):
        cells = "".join(
            click.style(f"{count[status] or '-':>9}", fg=_COLOURS[status] if count[status] else None)
            for status in columns
        )
        title = textwrap.shorten(catalog[rule].title, room - 2, placeholder="...") if room > 20 else ""
        yield f"{rule:<7}{catalog[rule].severity:<14}{cells}  {title}"
