"""The ``rolecall`` command. Commands import what they need when they run: ``--help`` stays fast."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from rolecall import __version__
from rolecall.failure import Failure
from rolecall.overlay import VARIABLE, team
from rolecall.printable import printable
from rolecall.records import RecordError

_PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}
_LAZY = {
    "demo": "rolecall.demo",
    "explain": "rolecall.explain",
    "export": "rolecall.exports.command",
    "live": "rolecall.live.command",
    "map": "rolecall.mapped",
    "report": "rolecall.report.command",
}
_HELP = {
    "explain": "Explain a rule, or every verdict on one Lambda function of an account.",
    "export": "Write what other tools take: metadata and mutelists, configuration, tables.",
    "map": "Show what a check is called everywhere, how grave it is and how it is put right.",
    "live": "Scan the Lambda functions of an AWS account, reading only.",
    "report": "Merge what Checkov, Prowler and Rolecall said into one report.",
    "demo": "Show it all on an embedded AWS account and an example project.",
}


class _Commands(click.Group):
    """A group that imports some of its commands only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_LAZY])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _LAZY:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(_LAZY[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RecordError as fault:  # the team's overlay
            raise Failure(str(fault)) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        eager = {name: command.get_short_help_str(80) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted({**eager, **_HELP}.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="rolecall")
@click.option("--config", metavar="FILE", help="The team's overlay; else rolecall.yaml of this folder, if it is there.")
def main(config: str | None) -> None:
    """Does every role a Lambda function calls on answer, and is everyone who calls the function let in?"""
    if config is not None:
        os.environ[VARIABLE] = os.path.abspath(config)


@main.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def checkov(arguments: tuple[str, ...]) -> None:
    """Run Checkov with the pack; ARGS are Checkov's own.

    The exit code is Checkov's, or 2 when something was not looked at: the pack did not load, a rule broke, a file could
    not be parsed.
    """
    from rolecall.hosts import wrapper

    team()  # what is wrong with it is said before anything runs
    launcher = Path(__file__).with_name("hosts") / "launch_checkov.py"
    try:
        command = [wrapper.interpreter_of("checkov"), str(launcher), "--external-checks-dir", str(_folder("checkov"))]
        code, outcome = wrapper.run_host([*command, *arguments])
    except (wrapper.HostError, OSError) as fault:
        raise Failure(str(fault)) from None
    _tell_expired()
    scans = not {"-h", "--help", "-v", "--version", "-l", "--list", "--support"} & set(arguments)
    sys.exit(wrapper.conclude("Checkov", code, outcome, expected=scans))


@main.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def prowler(arguments: tuple[str, ...]) -> None:
    """Run Prowler on AWS with the pack; ARGS are Prowler's own (after `prowler aws`).

    The exit code is Prowler's, or 2 when something was not looked at: the pack did not run, a rule broke, a call was
    denied.
    """
    from rolecall.hosts import wrapper

    overlay = team()
    start = "import sys; sys.path.pop(0); from prowler.__main__ import prowler; sys.exit(prowler())"
    tells = {"-h", "-l", "-v", "--help", "--version"}
    lists = any(argument in tells or argument.startswith("--list") for argument in arguments)
    try:
        with contextlib.ExitStack() as stack:
            given = list(arguments)
            if overlay.path is not None and not lists:
                from rolecall.hosts import prowler_overlay

                given = stack.enter_context(prowler_overlay.arguments(overlay, given))
            code, outcome = wrapper.run_host([wrapper.interpreter_of("prowler"), "-c", start, "aws", *given])
    except (wrapper.HostError, OSError) as fault:
        raise Failure(str(fault)) from None
    _tell_expired()
    sys.exit(wrapper.conclude("Prowler", code, outcome, expected=not lists))


def _tell_expired() -> None:
    for line in team().expired():
        click.echo(f"rolecall: {printable(line)}", err=True)


@main.command()
@click.argument("host", type=click.Choice(["checkov", "prowler"]))
def path(host: str) -> None:
    """Print the folder that the host loads.

    It is what Checkov wants: `checkov --external-checks-dir "$(rolecall path checkov)"`. Prowler finds an installed
    pack by itself and needs no folder.
    """
    click.echo(_folder(host))


def _folder(host: str) -> Path:
    """The import package that the host loads, beside this one in site-packages or in a checkout."""
    return Path(__file__).resolve().parent.parent / f"{host}_checks"
