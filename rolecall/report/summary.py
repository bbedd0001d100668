"""The report as one value, its counts, and the short forms that its outputs share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from rolecall.catalog import load_catalog
from rolecall.findings import GRAVEST_FIRST, SEVERITIES, Finding, Status, at_or_above
from rolecall.report.merge import Row, merge
from rolecall.report.text import clean

_SPELLED = {"lambda": "Lambda", "arn": "ARN", "dlq": "DLQ", "vpc": "VPC", "iam": "IAM", "sqs": "SQS", "sns": "SNS"}


@dataclass(frozen=True)
class Report:
    """What goes into every output.

    notes: what was left out, one line each. problems: what could not be read, one line each.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    created: datetime

    @property
    def rules(self) -> int:
        return len({row.rule for row in self.rows})

    @property
    def resources(self) -> int:
        return len({_identity(row) for row in self.rows})

    @property
    def statuses(self) -> dict[Status, int]:
        """Rows by status, the gravest first; every status is there."""
        counts = Counter(row.status for row in self.rows)
        return {status: counts[status] for status in GRAVEST_FIRST}

    @property
    def failures(self) -> dict[str, tuple[int, int]]:
        """By severity, the worst first: rows that fail in code, and rows that fail in the account."""
        return {
            severity: (
                sum(row.code_status is Status.FAIL for row in self.rows if row.severity == severity),
                sum(row.live_status is Status.FAIL for row in self.rows if row.severity == severity),
            )
            for severity in SEVERITIES
        }

    def fails_at(self, severity: str) -> bool:
        """Whether any row fails with this severity or a graver one."""
        return any(row.status is Status.FAIL and row.severity in at_or_above(severity) for row in self.rows)

    @property
    def incomplete(self) -> bool:
        """Whether something could not be read, or a rule broke: then silence proves nothing."""
        return bool(self.problems) or any(
            finding.status is Status.ERROR for row in self.rows for finding in row.code + row.live
        )


def make_report(
    findings: Iterable[Finding],
    problems: Sequence[object] = (),
    notes: Sequence[str] = (),
    created: datetime | None = None,
) -> Report:
    """Merge findings to a report. ``problems``: anything whose ``str`` is one line; ``created``: now when not given."""
    return Report(
        rows=tuple(merge(findings)),
        notes=tuple(clean(note) for note in notes),
        problems=tuple(clean(str(problem)) for problem in problems),
        created=created or datetime.now(timezone.utc),
    )


def short_title(row: Row) -> str:
    """A rule's name as a few words: ``execution role trusts Lambda``; the title where the catalogue lacks the rule."""
    entry = load_catalog().get(row.rule)
    return " ".join(_SPELLED.get(word, word) for word in entry.name.split("_")) if entry else row.title


def location(finding: Finding) -> str:
    """Where a finding is, for a reader: ``main.tf:3-9``, or account and region."""
    place = finding.resource.location
    if place:
        last = f"-{place.last_line}" if place.last_line > place.first_line else ""
        return f"{place.file}:{place.first_line}{last}"
    known = (finding.resource.account, finding.resource.region)
    return " ".join(part for part in known if isinstance(part, str) and part)


def row_place(row: Row) -> str:
    """Where a row's resource is, for a reader: account and region, or the place in code."""
    return f"{row.account} {row.region}".strip() if row.live else location(row.code[0])


def _identity(row: Row) -> tuple[str, ...]:
    if row.arn:
        return (row.arn,)
    first = (row.code + row.live)[0].resource
    return (first.framework, first.address, first.location.file if first.location else "")
