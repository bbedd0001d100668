"""One scan of the account that Prowler audits, for all of Rolecall's checks of the run."""

import sys
from collections.abc import Collection
from typing import Any

from prowler.lib.scan_filters.scan_filters import is_resource_filtered

from rolecall import __version__, live, trace
from rolecall.catalog import load_catalog
from rolecall.findings import Finding, Status


def selected_rules(provider: Any) -> frozenset[str]:
    """The rules behind the checks that this run executes: those that are on, or named on its command line."""
    catalog = load_catalog()
    entries = (catalog.by_prowler(check) for check in provider.audit_metadata.expected_checks)
    return frozenset(entry.id for entry in entries if entry and (entry.on or entry.prowler.check in sys.argv))


def scan(provider: Any, rules: Collection[str]) -> tuple[Finding, ...]:
    """Read the account with Prowler's own session, regions and resource filter, and run the rules on it.

    Raises nothing: what broke, or could not be listed, is a finding on the account for each rule. Also appends all
    findings to the file that ROLECALL_TRACE names.
    """
    try:
        findings = _findings(provider, rules)
    except Exception as fault:  # the boundary to Prowler, which would go on without a word
        message = f"Rolecall broke while it read the account: {fault!r}."
        findings = [_account(provider).finding(rule, Status.ERROR, message) for rule in sorted(rules)]
    try:
        trace.append(findings)
    except OSError as fault:  # the findings themselves are still good
        message = f"The trace could not be written: {fault}."
        findings += [_account(provider).finding(rule, Status.ERROR, message) for rule in sorted(rules)]
    return tuple(findings)


def _findings(provider: Any, rules: Collection[str]) -> list[Finding]:
    trace.event("loaded", host="prowler", rolecall=__version__, rules=len(rules))
    regions = sorted(provider.generate_regional_clients("lambda"))
    account = _account(provider)
    if not regions:
        message = "Prowler named no region with Lambda to look at."
        return [account.finding(rule, Status.UNKNOWN, message) for rule in sorted(rules)]
    resources = provider.audit_resources
    wanted = (lambda arn: bool(is_resource_filtered(arn, resources))) if resources else None
    scanned = live.scan(provider.session.current_session, account, regions, rules, wanted)
    trace.event(
        "collected",
        host="prowler",
        account=account.id,
        regions=regions,
        functions=len(scanned.inventory.functions),
        calls=dict(scanned.calls),
    )
    for what in scanned.unread:
        trace.event("unread", host="prowler", what=what)
    return list(scanned.findings)


def _account(provider: Any) -> live.Account:
    identity = provider.identity
    return live.Account(identity.account, identity.partition, provider.get_default_region("lambda"))
