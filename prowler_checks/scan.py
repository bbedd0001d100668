"""One scan of the account that Prowler audits, for all of Rolecall's checks of the run."""

from collections.abc import Collection
from typing import Any

from prowler.lib.scan_filters.scan_filters import is_resource_filtered

from rolecall import __version__, trace
from rolecall.catalog import load_catalog
from rolecall.findings import Finding, Remediation, Status
from rolecall.live import collect, needs_of
from rolecall.model import Resource
from rolecall.rules import run


def selected_rules(provider: Any) -> frozenset[str]:
    """The rules behind the checks that this run of Prowler executes."""
    catalog = load_catalog()
    entries = (catalog.by_prowler(check) for check in provider.audit_metadata.expected_checks)
    return frozenset(entry.id for entry in entries if entry)


def scan(provider: Any, rules: Collection[str]) -> tuple[Finding, ...]:
    """Read the account with Prowler's own session, regions and resource filter, and run the rules on it.

    Raises nothing: what broke, or could not be listed, is a finding on the account for each rule. Also appends all
    findings to the file that ROLECALL_TRACE names.
    """
    try:
        findings = _findings(provider, rules)
    except Exception as fault:  # the boundary to Prowler, which would go on without a word
        message = f"Rolecall broke while it read the account: {fault!r}."
        findings = [_on_account(provider, rule, Status.ERROR, message) for rule in sorted(rules)]
    try:
        trace.append(findings)
    except OSError as fault:  # the findings themselves are still good
        message = f"The trace could not be written: {fault}."
        findings += [_on_account(provider, rule, Status.ERROR, message) for rule in sorted(rules)]
    return tuple(findings)


def _findings(provider: Any, rules: Collection[str]) -> list[Finding]:
    trace.event("loaded", host="prowler", rolecall=__version__, rules=len(rules))
    regions = sorted(provider.generate_regional_clients("lambda"))
    if not regions:
        message = "Prowler named no region with Lambda to look at."
        return [_on_account(provider, rule, Status.UNKNOWN, message) for rule in sorted(rules)]
    resources = provider.audit_resources
    collected = collect(
        provider.session.current_session,
        account=provider.identity.account,
        partition=provider.identity.partition,
        regions=regions,
        needs=needs_of(rules),
        wanted=(lambda arn: bool(is_resource_filtered(arn, resources))) if resources else None,
    )
    trace.event(
        "collected",
        host="prowler",
        account=provider.identity.account,
        regions=regions,
        functions=len(collected.inventory.functions),
        calls=dict(collected.calls),
    )
    for what in (*(problem.message for problem in collected.problems), *collected.unread):
        trace.event("unread", host="prowler", what=what)
    unlisted = [
        _on_account(provider, rule, Status.UNKNOWN, f"Functions are missing: {problem.message}.", problem.region)
        for problem in collected.problems
        for rule in sorted(rules)
    ]
    return [*run(collected.inventory, only=rules), *unlisted]


def _on_account(provider: Any, rule: str, status: Status, message: str, region: str = "") -> Finding:
    entry = load_catalog()[rule]
    account, partition = provider.identity.account, provider.identity.partition
    arn = f"arn:{partition}:iam::{account}:root"
    resource = Resource(
        framework="live",
        type="AWS::::Account",
        address=arn,
        name=account,
        arn=arn,
        account=account,
        region=region or provider.get_default_region("lambda"),
        key=arn,
    )
    return Finding(entry.id, status, entry.severity, entry.title, resource, "", message, (), Remediation())
