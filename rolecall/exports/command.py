"""``rolecall export``: what other tools take, from catalogue, crosswalk and overlay."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rolecall.failure import Failure
from rolecall.findings import SEVERITIES
from rolecall.overlay import team
from rolecall.printable import printable

_SEVERITY = click.Choice(SEVERITIES, case_sensitive=False)
_output = click.option("-o", "--output", metavar="FILE", help="Instead of standard output.")


@click.group()
def export() -> None:
    """Write what other tools take, with the team's overlay in it."""


@export.command("prowler-metadata")
@_output
def prowler_metadata(output: str | None) -> None:
    """Texts and severities of checks, for --custom-checks-metadata-file."""
    from rolecall.exports import prowler

    _tell(output, prowler.metadata())


@export.command("prowler-mutelist")
@_output
def prowler_mutelist(output: str | None) -> None:
    """The waivers, for --mutelist-file."""
    from rolecall.exports import prowler

    text, left = prowler.mutelist(team())
    for line in (*left, *team().expired()):
        click.echo(f"rolecall: {printable(line)}", err=True)
    _tell(output, text)


@export.command("prowler-compliance")
@_output
def prowler_compliance(output: str | None) -> None:
    """A compliance framework: own controls, then services."""
    from rolecall.exports import prowler

    _tell(output, prowler.compliance())


@export.command("checkov-config")
@click.option("--check", type=_SEVERITY, metavar="SEVERITY", help="Run only checks of this severity and above.")
@click.option("--hard-fail-on", type=_SEVERITY, metavar="SEVERITY", help="Exit with 1 for these and graver ones.")
@click.option("--soft-fail-on", type=_SEVERITY, metavar="SEVERITY", help="Exit with 0 for all less grave than these.")
@_output
def checkov_config(output: str | None, **lists: str | None) -> None:
    """Lists of IDs by severity, and skips, for .checkov.yaml."""
    from rolecall.exports import checkov

    wanted = {key.replace("_", "-"): severity for key, severity in lists.items() if severity}
    _tell(output, checkov.configuration(team(), wanted))


@export.command("checkov-baseline")
@click.argument("results", metavar="RESULTS", type=click.Path(dir_okay=False, path_type=Path))
@_output
def checkov_baseline(output: str | None, results: Path) -> None:
    """What the waivers accept of RESULTS, for --baseline.

    RESULTS: Checkov's JSON output.
    """
    from rolecall.exports import checkov

    try:
        text = checkov.baseline(team(), results)
    except OSError as fault:
        raise Failure(f"{results}: cannot be read: {fault.strerror or fault}") from None
    except ValueError as fault:
        raise Failure(str(fault)) from None
    _tell(output, text)


@export.command("csv")
@_output
def as_csv(output: str | None) -> None:
    """The whole mapping: a row for each check and relation."""
    from rolecall.exports import tables

    _tell(output, tables.as_csv())


@export.command("json")
@_output
def as_json(output: str | None) -> None:
    """The whole mapping as JSON."""
    from rolecall.exports import tables

    _tell(output, tables.as_json())


@export.command("olir")
@_output
def as_olir(output: str | None) -> None:
    """The relations in the columns of NIST's OLIR template."""
    from rolecall.exports import tables

    _tell(output, tables.as_olir())


def _tell(output: str | None, text: str) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from rolecall.whole_file import write_whole

    try:
        write_whole(Path(os.path.abspath(output)), text)
    except OSError as fault:
        raise Failure(f"{output}: cannot be written: {fault.strerror or fault}") from None
