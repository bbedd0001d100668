"""``rolecall report``: inputs to one report."""

from __future__ import annotations

import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import click

from rolecall.failure import Failure
from rolecall.findings import SEVERITIES
from rolecall.printable import printable
from rolecall.report.text import clean

FORMATS = ("html", "json", "sarif", "ocsf", "csv", "markdown", "junit", "asff", "parquet")
USUAL = FORMATS[:-1]
_EXTRA = ("rich", "jinja2", "markupsafe", "msgspec", "duckdb")
_SECONDS_UNTIL_PROGRESS = 1.0


def _formats(_: click.Context, __: click.Parameter, said: tuple[str, ...]) -> tuple[str, ...]:
    named = [name.strip().lower() for each in said for name in each.split(",") if name.strip()]
    for name in named:
        if name not in FORMATS:
            raise click.BadParameter(f"{printable(name)} is none of {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(named)) or USUAL


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the report's files.")
@click.option(
    "--format",
    "formats",
    metavar="FORMAT",
    multiple=True,
    callback=_formats,
    help=f"Which files, separated by commas: {', '.join(FORMATS)}. All but parquet when not given.",
)
@click.option(
    "--fail-on",
    metavar="SEVERITY",
    type=click.Choice(SEVERITIES, case_sensitive=False),
    help=f"Exit with 1 when something fails with this severity or a graver one: {', '.join(SEVERITIES)}.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="An earlier report.json: faults are new or unchanged, and only new ones count for --fail-on.",
)
@click.option("--all", "show_all", is_flag=True, help="List every row, also those that pass.")
def report(
    inputs: tuple[str, ...],
    output: str,
    formats: tuple[str, ...],
    fail_on: str | None,
    baseline: str | None,
    show_all: bool,
) -> None:
    """Make one report of what Checkov, Prowler and `rolecall live` said.

    \b
    INPUT: a file, a pattern ('scans/**/*.json'), or - for standard input; compressed or not.
      Checkov     JSON, SARIF (other scanners' SARIF as well)
      Prowler     OCSF, CSV, ASFF
      Rolecall    traces, what `rolecall live -o` wrote
      to tell which resource is which: Terraform's state or plan as JSON, CloudFormation's describe-stack-resources
    Exit code: 0  nothing fails at or above --fail-on
               1  something does
               2  the report is incomplete: an input could not be read, or a rule broke; or it could not be written
    """
    try:
        import duckdb

        from rolecall.report import table
        from rolecall.report.make import Wanted, make
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise Failure(f"{missing.name} is not installed: install rolecall[report]") from None
    progress = Progress()
    try:
        wanted = Wanted(formats, (fail_on or "").lower(), baseline or "", table.ROWS_LISTED, show_all)
        made = make(inputs, Path(output), wanted, progress)
    except OSError as fault:
        raise Failure(f"{output}: cannot be written: {fault.strerror or fault}") from None
    except duckdb.Error as fault:  # the disk is full, or there is too little memory
        raise Failure(f"{output}: the report's database failed: {str(fault).splitlines()[0]}") from None
    except BrokenProcessPool:
        raise Failure(f"{output}: a process was ended from outside, for want of memory most likely") from None
    finally:
        progress.done()
    for line in (*made.summary.problems, *made.warnings):
        click.echo(line, err=True)
    table.show(made)
    click.echo(f"Written: {', '.join(clean(str(file)) for file in made.files)}")
    if made.summary.incomplete:
        sys.exit(2)
    sys.exit(int(made.failing))


class Progress:
    """One line on standard error while a large report is made; none where that is no terminal."""

    def __init__(self) -> None:
        self._from = time.monotonic() + _SECONDS_UNTIL_PROGRESS if sys.stderr.isatty() else float("inf")
        self._said = False

    def __call__(self, what: str, count: int) -> None:
        if time.monotonic() >= self._from:
            click.echo(f"\r\x1b[K{printable(what)}: {count:,}", nl=False, err=True)
            self._said = True

    def done(self) -> None:
        if self._said:
            click.echo("\r\x1b[K", nl=False, err=True)
