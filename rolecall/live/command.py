"""``rolecall live``: an account's findings, with boto3 alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rolecall.failure import Failure
from rolecall.findings import SEVERITIES, Finding, Status, at_or_above
from rolecall.live.options import enter, whose_account
from rolecall.overlay import team
from rolecall.printable import printable
from rolecall.rules import load_rules
from rolecall.trace import line_of, records_of

if TYPE_CHECKING:
    from rolecall.live import Account, Scan, Tags

INCOMPLETE = 2
_REGION = "A region to scan, more than once for more; `all`: those that the account has enabled. Else the profile's."


@click.command()
@whose_account
@click.option("-r", "--region", "regions", metavar="REGION", multiple=True, help=_REGION)
@click.option("--rule", "rules", metavar="RULE", multiple=True, help="Only this rule (RC103); more than once for more.")
@click.option("--function", "functions", metavar="NAME", multiple=True, help="Only this function, by name or ARN.")
@click.option("-o", "--output", metavar="FILE", help="Write all findings as JSON Lines, for `rolecall report`.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of standard output.")
@click.option("--all", "show_all", is_flag=True, help="List also what passes.")
@click.option(
    "--fail-on", default="informational", type=click.Choice(SEVERITIES), help="Least severity for exit code 1."
)
@click.option(
    "--policies-from-config",
    is_flag=True,
    help="Take functions' policies from AWS Config where it records them: a call for 100, not for each.",
)
@click.option("--dry-run", is_flag=True, help="Print the calls and the IAM policy that it takes, and do nothing.")
def live(rules: tuple[str, ...], form: str, output: str | None, fail_on: str, dry_run: bool, **options: Any) -> None:
    """Scan the Lambda functions of an AWS account, reading only.

    \b
    Exit code: 0  nothing fails at or above --fail-on
               1  something does
               2  the scan is incomplete: a call was denied or failed, or a rule broke; or there was no way in
    """
    selected, recorded = _selected(rules), bool(output) or form == "json"
    if dry_run:
        from rolecall.live import plan

        taken = selected, options["policies_from_config"], recorded
        lines = plan.lines_of(*taken) if form == "text" else [json.dumps(plan.policy_of(*taken), indent=2)]
        click.echo("\n".join(lines))
        return
    from rolecall.live.show import show

    show_all = options.pop("show_all")
    scanned, account, regions, tags = _scan(selected, recorded, **options)
    overlay = team()
    scanned = replace(scanned, findings=tuple(map(overlay.settled, scanned.findings)))
    records = "".join(f"{line_of(record)}\n" for record in _records(scanned, selected, tags)) if recorded else ""
    if output:
        _write(output, records)
    if form == "json":
        click.echo(records, nl=False)
    else:
        show(scanned, account, regions, show_all)
    untagged = (f"without {why}" for why in tags.unread)
    for note in (*scanned.notes, *untagged, *overlay.expired()):
        click.echo(f"rolecall: {printable(note)}", err=True)
    for what in scanned.unread:
        click.echo(f"rolecall: not read: {what}", err=True)
    sys.exit(_code(scanned.findings, scanned.unread, fail_on))


def _scan(
    rules: Collection[str],
    tagged: bool,
    regions: Sequence[str],
    functions: Collection[str],
    policies_from_config: bool,
    **whose: str | None,
) -> tuple[Scan, Account, list[str], Tags]:
    from rolecall.live import Tags, read_tags, scan
    from rolecall.live.session import ALL, SessionError, regions_of
    from rolecall.live.show import Progress

    session, account = enter(next((region for region in regions if region != ALL), None), **whose)
    try:
        places = regions_of(session, account, regions)
    except SessionError as fault:
        raise Failure(str(fault)) from None
    progress = Progress()
    scanned = scan(session, account, places, rules, _wanted(functions), progress, policies_from_config)
    functions_in = {str(function.resource.region) for function in scanned.inventory.functions.values()}
    tags = read_tags(session, account, functions_in) if tagged else Tags()
    progress.done()
    return scanned, account, places, tags


def _records(scanned: Scan, rules: Collection[str], tags: Tags) -> Iterator[dict[str, Any]]:
    from rolecall import wiring
    from rolecall.live.memory import few_collections

    yield from records_of(scanned.findings, tags.by_arn)
    with few_collections():
        yield from wiring.events("live", scanned.inventory, rules, tags.by_arn)


def _selected(rules: Collection[str]) -> list[str]:
    known = {name: rule.entry for name, rule in load_rules().items() if "live" in rule.entry.surfaces}
    unknown = [rule for rule in rules if rule.upper() not in known]
    if unknown:
        raise Failure(f"{unknown[0]} is no rule for an account; there are {', '.join(known)}")
    return [rule.upper() for rule in rules] or [name for name, entry in known.items() if entry.default]


def _wanted(functions: Collection[str]) -> Callable[[str], bool] | None:
    names = frozenset(functions)
    return (lambda arn: arn in names or arn.rpartition(":")[2] in names) if names else None


def _write(output: str, records: str) -> None:
    from rolecall.whole_file import write_whole

    try:
        write_whole(Path(os.path.abspath(output)), records)
    except OSError as fault:
        raise Failure(f"{output}: cannot be written: {fault.strerror or fault}") from None


def _code(findings: Collection[Finding], unread: Collection[str], fail_on: str) -> int:
    """What could not be read that a rule needed makes a finding UNKNOWN; that a value is not documented does not."""
    if unread or any(finding.status is Status.ERROR for finding in findings):
        return INCOMPLETE
    grave = at_or_above(fail_on)
    return int(any(finding.status is Status.FAIL and finding.severity in grave for finding in findings))
