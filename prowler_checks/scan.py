"""One scan of the account that Prowler audits, for all of Rolecall's checks of the run."""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from prowler.lib.scan_filters.scan_filters import is_resource_filtered

from rolecall import __version__, live, trace, wiring
from rolecall.catalog import load_catalog
from rolecall.findings import Finding, Status
from rolecall.model import Inventory
from rolecall.overlay import Overlay, team


@dataclass(frozen=True)
class Scanned:
    """tags: of functions, by ARN. overlay: what the team has accepted of the findings."""

    findings: tuple[Finding, ...]
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overlay: Overlay = field(default_factory=team)


def selected_rules(provider: Any) -> frozenset[str]:
    """The rules behind the checks that this run executes: those that are on, or named on its command line."""
    catalog = load_catalog()
    entries = (catalog.by_prowler(check) for check in provider.audit_metadata.expected_checks)
    return frozenset(entry.id for entry in entries if entry and (entry.default or entry.prowler.check in sys.argv))


def scan(provider: Any, rules: Collection[str]) -> Scanned:
    """Read the account with Prowler's own session, regions and resource filter, and run the rules on it.

    Raises nothing: what broke, or could not be listed, is a finding on the account for each rule. Also appends all
    findings to the file that ROLECALL_TRACE names.
    """
    try:
        scanned, inventory = _scanned(provider, rules)
    except Exception as fault:  # the boundary to Prowler, which would go on without a word
        message = f"Rolecall broke while it read the account: {fault!r}."
        scanned, inventory = Scanned(_of_account(provider, rules, Status.ERROR, message)), Inventory("live")
    try:
        trace.append(map(scanned.overlay.settled, scanned.findings), scanned.tags)
        trace.append_records(wiring.events("prowler", inventory, rules, scanned.tags))
    except Exception as fault:  # the findings themselves are still good
        message = f"The trace could not be written: {fault}."
        scanned = Scanned(scanned.findings + _of_account(provider, rules, Status.ERROR, message), scanned.tags)
    return scanned


def _scanned(provider: Any, rules: Collection[str]) -> tuple[Scanned, Inventory]:
    """With what the findings rest on, which only the trace wants."""
    trace.event("loaded", host="prowler", rolecall=__version__, rules=len(rules))
    regions = sorted(provider.generate_regional_clients("lambda"))
    account = _account(provider)
    if not regions:
        message = "Prowler named no region with Lambda to look at."
        return Scanned(_of_account(provider, rules, Status.UNKNOWN, message)), Inventory("live")
    resources = provider.audit_resources
    wanted = (lambda arn: bool(is_resource_filtered(arn, resources))) if resources else None
    session = provider.session.current_session
    scanned = live.scan(session, account, regions, rules, wanted)
    functions = scanned.inventory.functions
    tags = live.read_tags(session, account, {str(function.resource.region) for function in functions.values()})
    trace.event(
        "collected",
        host="prowler",
        account=account.id,
        regions=regions,
        functions=len(functions),
        calls={**scanned.calls, **tags.calls},
    )
    for what in (*scanned.unread, *tags.unread):
        trace.event("unread", host="prowler", what=what)
    return Scanned(scanned.findings, tags.by_arn), scanned.inventory


def _of_account(provider: Any, rules: Collection[str], status: Status, message: str) -> tuple[Finding, ...]:
    """A finding on the account for each rule."""
    account = _account(provider)
    return tuple(account.finding(rule, status, message) for rule in sorted(rules))


def _account(provider: Any) -> live.Account:
    identity = provider.identity
    return live.Account(identity.account, identity.partition, provider.get_default_region("lambda"))
