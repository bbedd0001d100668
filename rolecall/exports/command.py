"""``rolecall export``: what other tools take, from catalogue, crosswalk and overlay."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from rolecall.failure import Failure
from rolecall.findings import SEVERITIES
from rolecall.overlay import team

_SEVERITY = click.Choice(SEVERITIES, case_sensitive=False)


@click.group()
def export() -> None:
    """Write what other tools take: metadata and mutelists, configuration, tables; with the team's overlay."""


def _target(name: str) -> Callable[[Callable[..., str]], click.Command]:
    """A command that writes the text that a function returns."""

    def command(function: Callable[..., str]) -> click.Command:
        @click.option("-o", "--output", metavar="FILE", help="Instead of standard output.")
        def run(output: str | None, **options: object) -> None:
            text = function(**options)
            if output is None:
                click.echo(text, nl=False)
            else:
                _write(output, text)

        run.__doc__ = function.__doc__
        run.__click_params__ = [*getattr(function, "__click_params__", []), *run.__click_params__]  # type: ignore[attr-defined]
        return export.command(name)(run)

    return command


@_target("prowler-metadata")
def prowler_metadata() -> str:
    """Severity, texts and remediation of all checks, for `--custom-checks-metadata-file`."""
    from rolecall.exports import prowler

    return prowler.metadata()


@_target("prowler-mutelist")
def prowler_mutelist() -> str:
    """The waivers, for `--mutelist-file`."""
    from rolecall.exports import prowler

    text, left = prowler.mutelist(team())
    for line in (*left, *team().expired()):
        click.echo(f"rolecall: {line}", err=True)
    return text


@_target("prowler-compliance")
def prowler_compliance() -> str:
    """A compliance framework: the team's own controls, then all others by service."""
    from rolecall.exports import prowler

    return prowler.compliance()


@_target("checkov-config")
@click.option(
    "--check", "check", type=_SEVERITY, metavar="SEVERITY", help="Run only checks of this severity and above."
)
@click.option("--hard-fail-on", type=_SEVERITY, metavar="SEVERITY", help="Exit with 1 for these and graver ones.")
@click.option("--soft-fail-on", type=_SEVERITY, metavar="SEVERITY", help="Exit with 0 for all less grave than these.")
def checkov_config(**lists: str | None) -> str:
    """A piece of `.checkov.yaml`: lists of IDs by severity, and skips."""
    from rolecall.exports import checkov

    return checkov.configuration(team(), {key.replace("_", "-"): value for key, value in lists.items() if value})


@_target("checkov-baseline")
@click.argument("results", metavar="RESULTS", type=click.Path(dir_okay=False, path_type=Path))
def checkov_baseline(results: Path) -> str:
    """A baseline for `--baseline`: what the waivers accept of RESULTS, Checkov's JSON output."""
    from rolecall.exports import checkov

    try:
        return checkov.baseline(team(), results)
    except OSError as fault:
        raise Failure(f"{results}: cannot be read: {fault.strerror or fault}") from None
    except ValueError as fault:
        raise Failure(str(fault)) from None


@_target("csv")
def as_csv() -> str:
    """The whole mapping as a table: a row for each check and relation."""
    from rolecall.exports import tables

    return tables.as_csv()


@_target("json")
def as_json() -> str:
    """The whole mapping as JSON."""
    from rolecall.exports import tables

    return tables.as_json()


@_target("olir")
def as_olir() -> str:
    """The relations as CSV, in the columns of NIST's OLIR template."""
    from rolecall.exports import tables

    return tables.as_olir()


def _write(output: str, text: str) -> None:
    from rolecall.whole_file import write_whole

    try:
        write_whole(Path(os.path.abspath(output)), text)
    except OSError as fault:
        raise Failure(f"{output}: cannot be written: {fault.strerror or fault}") from None
