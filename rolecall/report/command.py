"""``rolecall report``: inputs to one report."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rolecall.findings import SEVERITIES
from rolecall.overlay import team
from rolecall.report.read import read
from rolecall.report.summary import make_report
from rolecall.report.text import clean


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for report.json and report.html.")
@click.option(
    "--fail-on",
    metavar="SEVERITY",
    type=click.Choice(SEVERITIES, case_sensitive=False),
    help=f"Exit with 1 when something fails with this severity or a graver one: {', '.join(SEVERITIES)}.",
)
@click.option("--all", "show_all", is_flag=True, help="List also what passes.")
def report(inputs: tuple[str, ...], output: str, fail_on: str | None, show_all: bool) -> None:
    """Merge Checkov JSON, Prowler OCSF JSON and Rolecall's traces into one report.

    \b
    Exit code: 0  nothing fails at or above --fail-on
               1  something does
               2  the report is incomplete: an input could not be read, or a rule broke
    """
    reading = read(inputs)
    for line in (*reading.problems, *reading.warnings):
        click.echo(str(line), err=True)
    try:
        from rolecall.report import table
        from rolecall.report.write import write

        overlay = team()
        merged = make_report(
            map(overlay.settled, reading.findings), reading.problems, (*reading.notes, *overlay.expired())
        )
        table.show(merged, show_all=show_all)
        files = write(merged, Path(output))
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("rich", "jinja2", "markupsafe"):
            raise
        click.echo(f"{missing.name} is not installed: install rolecall[report]", err=True)
        sys.exit(2)
    except OSError as fault:
        click.echo(f"{clean(output)}: cannot be written: {fault.strerror or fault}", err=True)
        sys.exit(2)
    click.echo(f"Written: {', '.join(clean(str(file)) for file in files)}")
    if merged.incomplete:
        sys.exit(2)
    sys.exit(1 if fail_on and merged.fails_at(fail_on.lower()) else 0)
