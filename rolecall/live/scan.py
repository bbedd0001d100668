"""One scan of an account: read what the rules need, run the rules, and say what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rolecall.catalog import load_catalog
from rolecall.findings import Finding, Remediation, Status
from rolecall.live.calls import Progress
from rolecall.live.collect import collect
from rolecall.live.needs import needs_of
from rolecall.live.place import account_resource
from rolecall.model import Inventory
from rolecall.rules import load_rules, run


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
    """What one scan gave. unread: what was not told, a line for each reason. calls: how many, by IAM action."""

    inventory: Inventory
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]
    calls: Mapping[str, int]


def scan(
    session: Any,
    account: Account,
    regions: Sequence[str],
    rules: Collection[str],
    wanted: Callable[[str], bool] | None = None,
    progress: Progress | None = None,
) -> Scan:
    """Scan an account; see ``collect``. rules: their IDs.

    Functions that could not be listed are a finding of status UNKNOWN on the account, for each rule that is on
    functions and each region.
    """
    collected = collect(
        session,
        account=account.id,
        partition=account.partition,
        regions=regions,
        needs=needs_of(rules),
        wanted=wanted,
        progress=progress,
    )

    def findings() -> Iterator[Finding]:
        yield from run(collected.inventory, only=rules)
        for problem in collected.problems:
            message = f"Functions are missing: {problem.message}."
            for rule in (rule for rule in sorted(rules) if load_rules()[rule].of_account is None):
                yield account.finding(rule, Status.UNKNOWN, message, problem.region)

    unread = (*(problem.message for problem in collected.problems), *collected.unread)
    return Scan(collected.inventory, tuple(findings()), unread, collected.calls)
