"""The report as CSV (RFC 4180), a line for each row. No cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from rolecall.report.outputs.base import Output
from rolecall.report.rows import Row, Rule
from rolecall.report.summary import Summary

COLUMNS = (
    "status", "severity", "rule", "title", "resource", "found", "status_in_code", "status_in_account", "account",
    "region", "arn", "type", "code", "message", "checks", "joined_by", "sure", "change", "waived_until", "waived_by",
    "waived_for", "fingerprint",
)  # fmt: skip
_FORMULA = frozenset("=+-@")
_BEFORE_FORMULA = frozenset("=+-@ \t\r\n\u00a0")


class Csv(Output):
    file = "report.csv"
    between = b""

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        return ",".join(COLUMNS).encode() + b"\r\n"

    def format(self, rows: Iterable[Row], summary: Summary) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows(map(_cells, rows))
        return text.getvalue().encode()


def _cells(row: Row) -> tuple[str, ...]:
    waived = row.waived
    return (
        row.status,
        row.severity,
        _plain(row.rule),
        _plain(row.title),
        _plain(row.resource),
        row.found,
        row.code_status,
        row.live_status,
        _plain(row.account),
        _plain(row.region),
        _plain(row.arn),
        _plain(row.type),
        _plain(" ".join(row.places)),
        _plain(row.message),
        _plain(" ".join(row.checks)),
        row.joined_by,
        row.sure,
        row.change,
        waived.expires,
        _plain(waived.owner),
        _plain(waived.reason),
        row.fingerprint,
    )


def _plain(cell: str) -> str:
    """A spreadsheet evaluates what begins like a formula, also after spaces; an apostrophe before it prevents that."""
    if cell[:1] in _BEFORE_FORMULA and cell.lstrip()[:1] in _FORMULA:
        return f"'{cell}"
    return cell
