"""One scan of an account: read what the rules need, run the rules, and say what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timezone
from functools import partial
from typing import Any

from rolecall.catalog import load_catalog
from rolecall.findings import Finding, Remediation, Status
from rolecall.live.calls import Progress
from rolecall.live.collect import Collected, collect
from rolecall.live.memory import few_collections
from rolecall.live.needs import FUNCTION_POLICIES, needs_of
from rolecall.live.place import account_resource
from rolecall.model import Inventory, Invoker
from rolecall.rules import Rule, load_rules, run


@dataclass(frozen=True)
class Account:
    """The account that is scanned, by ID and partition. region: where findings on the account itself are said to be."""

    id: str
    partition: str
    region: str

    def finding(self, rule: str, status: Status, message: str, region: str = "") -> Finding:
        """A finding on the account itself."""
        entry = load_catalog()[rule]
        resource = account_resource(self.id, self.partition, region or self.region)
        return Finding(entry.id, status, entry.severity, entry.title, resource, "", message, (), Remediation())


@dataclass(frozen=True)
class Scan:
    """What one scan gave. unread: what was not told, a line for each reason. calls: how many, by IAM action.

    notes: how what was told was read, where that is not as usual; nothing is missing.
    """

    inventory: Inventory
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]
    calls: Mapping[str, int]
    notes: tuple[str, ...] = ()


def scan(
    session: Any,
    account: Account,
    regions: Sequence[str],
    rules: Collection[str],
    wanted: Callable[[str], bool] | None = None,
    progress: Progress | None = None,
    policies_from_config: bool = False,
) -> Scan:
    """Scan an account; see ``collect``. rules: their IDs.

    policies_from_config: take functions' policies from AWS Config where it has them. No FAIL rests on one of these: the
    policy of a function that fails a rule on policies is read from Lambda, and the rules are run again. Other findings
    that rest on one say so in their evidence.

    Functions that could not be listed are a finding of status UNKNOWN on the account, for each rule that is on
    functions and each region.
    """
    on_policies = [rule for rule in rules if FUNCTION_POLICIES in needs_of([rule])]
    collected = collect(
        session,
        account=account.id,
        partition=account.partition,
        regions=regions,
        needs=needs_of(rules),
        wanted=wanted,
        progress=progress,
        policies_from_config=partial(_failing, rules=on_policies) if policies_from_config else None,
    )

    def findings() -> Iterator[Finding]:
        for finding in run(collected.inventory, only=rules):
            yield _with_record(finding, collected) if finding.rule in on_policies else finding
        for problem in collected.problems:
            message = f"Functions are missing: {problem.message}."
            for rule in (rule for rule in sorted(rules) if load_rules()[rule].of_account is None):
                yield account.finding(rule, Status.UNKNOWN, message, problem.region)

    unread = (*(problem.message for problem in collected.problems), *collected.unread)
    notes = tuple(_notes(collected)) if policies_from_config and on_policies else ()
    with few_collections():
        found = tuple(findings())
    return Scan(collected.inventory, found, unread, collected.calls, notes)


def _failing(inventory: Inventory, rules: Collection[str]) -> set[str]:
    """The keys of functions that fail one of the rules."""
    return {finding.resource.key for finding in run(inventory, only=rules) if finding.status is Status.FAIL}


def _with_record(finding: Finding, collected: Collected) -> Finding:
    """The finding of a rule on policies, with what it rests on where that is what AWS Config recorded."""
    record = collected.recorded.records.get(finding.resource.key)
    if record is None or not _on_own_policy(load_rules()[finding.rule], finding.resource.key, collected.inventory):
        return finding
    when = f"{record.captured.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC"  # boto3 gives local time
    said = f"policy of {finding.resource.label} as AWS Config recorded it on {when}"
    return finding._replace(evidence=(*finding.evidence, said))


def _on_own_policy(rule: Rule, function: str, inventory: Inventory) -> bool:
    """Whether a rule decided on the policy of a function (a key) itself: not if nothing or only an alias is called."""
    if rule.subject is not Invoker or (rule.kind, function) in inventory.none:
        return True
    called = map(inventory.called_by, inventory.invokers_of(inventory.functions[function], rule.kind))
    return any(found is not None and not found[1] for found in called)


def _notes(collected: Collected) -> Iterator[str]:
    recorded = collected.recorded
    yield f"policies from AWS Config: {len(recorded.records)} of {len(collected.inventory.functions)} functions"
    others = ", ".join(f"{why} ({count})" for why, count in recorded.missing.most_common())
    if others:
        yield f"policies from Lambda instead: {others}"
