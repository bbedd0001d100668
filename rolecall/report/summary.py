"""What stands over a report: how much of what there is, what could not be read, what is waived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from rolecall import __version__
from rolecall.catalog import load_catalog
from rolecall.findings import GRAVEST_FIRST, SEVERITIES, at_or_above
from rolecall.overlay import Overlay, today
from rolecall.report.rows import FOUND, Rule, rule_of
from rolecall.report.store import Store
from rolecall.report.wirings import Wiring


class Counts(msgspec.Struct):
    """Rows, and how many of them there are by status; what fails by severity, for ``code`` and ``account``, and by
    where it was found; against a baseline, what fails by change.

    code, live: rows with a result of that side. results: of the inputs, by tool.
    """

    rules: int
    resources: int
    rows: int
    code: int
    live: int
    results: dict[str, int]
    status: dict[str, int]
    fail: dict[str, dict[str, int]]
    found: dict[str, int]
    change: dict[str, int]


class WaiverLine(msgspec.Struct):
    """A waiver of the overlay. expired: it does not count any more."""

    rule: str
    resource: str
    owner: str
    reason: str
    expires: str
    expired: bool


class Fixed(msgspec.Struct):
    """What failed in the baseline, and now passes (``fixed``) or is not reported on any more (``gone``)."""

    rule: str
    resource: str
    severity: str
    how: str


class Summary(msgspec.Struct):
    """What every output may say of the whole.

    created: time in UTC, ISO 8601; seconds: the same since 1970. problems: what could not be read, one line each.
    notes: what a reader should know. fixed: of the baseline, the first of them. wirings: of functions that rows are on.
    """

    version: str
    created: str
    seconds: int
    counts: Counts
    inputs: list[str]
    problems: list[str]
    notes: list[str]
    waivers: list[WaiverLine]
    fixed: list[Fixed] = []
    wirings: list[Wiring] = []

    @property
    def both_sides(self) -> bool:
        """Whether there are results of code and of an account."""
        return self.counts.code > 0 and self.counts.live > 0

    @property
    def incomplete(self) -> bool:
        """Whether something could not be read, or a rule broke: then silence proves nothing."""
        return bool(self.problems) or bool(self.counts.status["ERROR"])


def summarize(
    store: Store,
    created: datetime,
    overlay: Overlay,
    inputs: Sequence[str],
    problems: Sequence[str],
    notes: Sequence[str],
    results: dict[str, int],
) -> Summary:
    """Count what the store holds."""
    return Summary(
        version=__version__,
        created=created.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=int(created.timestamp()),
        counts=_counts(store, results),
        inputs=list(inputs),
        problems=list(problems),
        notes=list(notes),
        waivers=[
            WaiverLine(w.rule, w.resource, w.owner, w.reason, w.expires.isoformat(), w.expired(today()))
            for w, _, _ in overlay.waivers
        ],
    )


class Failing(msgspec.Struct):
    """Of a control or a check that is none of Rolecall's rules, how many rows fail in code and in an account."""

    about: Rule
    code: int
    account: int


def failing_controls(store: Store, most: int) -> list[Failing]:
    """The gravest first, of these those with the most rows."""
    found = store.query(_CONTROLS, list(load_catalog()), most)
    return [
        Failing(rule_of(rule, title or rule, SEVERITIES[grade - 1]), *counts) for rule, title, grade, *counts in found
    ]


def rows_of_rules(store: Store, most: int) -> list[int]:
    """The numbers of the worst rows of Rolecall's own rules, without those that pass."""
    return [n for (n,) in store.query(_OF_RULES, list(load_catalog()), most)]


def count_of_rules(store: Store) -> int:
    """How many there are."""
    return int(store.query(_COUNT_OF_RULES, list(load_catalog()))[0][0])


def rules_of(store: Store) -> list[Rule]:
    """The rules that rows are of, in order of ID."""
    return [rule_of(rule, title or rule, SEVERITIES[grade - 1]) for rule, title, grade in store.query(_RULES)]


def fails_at(store: Store, severity: str, only_new: bool) -> bool:
    """Whether any row fails with this severity or a graver one; only_new: that the baseline does not have."""
    return bool(store.query(_FAILING, len(at_or_above(severity)), not only_new))


def _counts(store: Store, results: dict[str, int]) -> Counts:
    ((rows, rules, resources, code, live),) = store.query(
        "SELECT count(*), count(DISTINCT rule), count(DISTINCT thing), count(code_rank), count(live_rank) FROM row"
    )
    status = dict(store.query("SELECT status_rank, count(*) FROM row GROUP BY ALL"))
    in_code = dict(store.query("SELECT severity_rank, count(*) FROM row WHERE code_rank = 1 GROUP BY ALL"))
    in_account = dict(store.query("SELECT severity_rank, count(*) FROM row WHERE live_rank = 1 GROUP BY ALL"))
    found: dict[Any, int] = dict(store.query("SELECT found, count(*) FROM row WHERE status_rank = 1 GROUP BY ALL"))
    return Counts(
        rules=rules,
        resources=resources,
        rows=rows,
        code=code,
        live=live,
        results=results,
        status={each.value: status.get(rank, 0) for rank, each in enumerate(GRAVEST_FIRST, start=1)},
        fail={
            severity: {"code": in_code.get(rank, 0), "account": in_account.get(rank, 0)}
            for rank, severity in enumerate(SEVERITIES, start=1)
        },
        found={name: found.get(name, 0) for name in FOUND},
        change=dict(store.query("SELECT change, count(*) FROM row WHERE change IS NOT NULL GROUP BY ALL ORDER BY ALL")),
    )


_FAILING = """
SELECT 1 FROM row WHERE status_rank = 1 AND severity_rank <= ? AND (change = 'new' OR ?) LIMIT 1
"""
_CONTROLS = """
SELECT rule, max(title), min(severity_rank), count(*) FILTER (code_rank = 1), count(*) FILTER (live_rank = 1) FROM row
WHERE status_rank = 1 AND rule::VARCHAR NOT IN (SELECT unnest(?)) GROUP BY rule ORDER BY 3, count(*) DESC, 1 LIMIT ?
"""
_OF_RULES = """
SELECT n FROM row WHERE status_rank < 5 AND rule::VARCHAR IN (SELECT unnest(?)) ORDER BY n LIMIT ?
"""
_COUNT_OF_RULES = """
SELECT count(*) FROM row WHERE status_rank < 5 AND rule::VARCHAR IN (SELECT unnest(?))
"""
_RULES = """
SELECT rule, max(title), min(severity_rank) FROM row GROUP BY rule ORDER BY rule
"""
