"""The results as Parquet, in folders by account and day: ``findings/account=111122223333/day=2026-11-22/``.

A folder holds what the last report of its day said of its account: another report replaces that file, and no other.
``docs/report.md`` has queries for DuckDB, Athena and Trino.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from rolecall.report.outputs.base import Output, dumps
from rolecall.report.readers.base import day_of
from rolecall.report.result import Result
from rolecall.report.rows import Row
from rolecall.report.summary import Summary

FOLDER, NAME = "findings", "rolecall.parquet"
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
COLUMNS = {
    "fingerprint": "VARCHAR",
    "rule": "VARCHAR",
    "title": "VARCHAR",
    "severity": "VARCHAR",
    "status": "VARCHAR",
    "found": "VARCHAR",
    "side": "VARCHAR",
    "tool": "VARCHAR",
    "check": "VARCHAR",
    "resource": "VARCHAR",
    "type": "VARCHAR",
    "arn": "VARCHAR",
    "region": "VARCHAR",
    "address": "VARCHAR",
    "framework": "VARCHAR",
    "file": "VARCHAR",
    "first_line": "INTEGER",
    "last_line": "INTEGER",
    "message": "VARCHAR",
    "evidence": "VARCHAR[]",
    "fix": "VARCHAR",
    "joined_by": "VARCHAR",
    "sure": "VARCHAR",
    "waived_until": "DATE",
    "waived_by": "VARCHAR",
    "waived_for": "VARCHAR",
    "scanned": "VARCHAR",
    "reported": "TIMESTAMP",
    "account": "VARCHAR",
    "day": "VARCHAR",
}


class Parquet(Output):
    file = "findings.jsonl"
    between = b"\n"
    staged = True

    def format(self, rows: Iterable[Row], summary: Summary) -> bytes:
        return b"\n".join(dumps(_fields(row, result, summary)) for row in rows for result in row.results)

    def publish(self, staged: Path, folder: Path) -> Path:
        made = staged.parent / "parquet"
        described = ", ".join(f"'{name}': '{type_}'" for name, type_ in COLUMNS.items())
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "300MB",
            "temp_directory": str(staged.parent / "spilled"),
        }
        with duckdb.connect(":memory:", config=settings) as database:
            lines = f"read_json({_quoted(staged)}, format = 'newline_delimited', columns = {{{described}}})"
            how = "FORMAT parquet, COMPRESSION zstd, PARTITION_BY (account, day), FILENAME_PATTERN 'part_{i}'"
            database.execute(f"COPY (FROM {lines}) TO {_quoted(made)} ({how})")
        for place in sorted(made.glob("account=*/day=*")):
            there = folder / FOLDER / place.relative_to(made)
            there.mkdir(parents=True, exist_ok=True)
            (part,) = place.iterdir()
            os.replace(part, there / NAME)
        return folder / FOLDER


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _fields(row: Row, result: Result, summary: Summary) -> dict[str, object]:
    waived = result.waived
    fields: dict[str, object] = {
        "fingerprint": row.fingerprint,
        "rule": row.rule,
        "title": row.title,
        "severity": result.severity,
        "status": result.status,
        "found": row.found,
        "side": "account" if result.live else "code",
        "tool": result.tool,
        "check": result.check,
        "resource": row.resource,
        "type": result.type,
        "arn": row.arn,
        "region": row.region,
        "address": result.address,
        "framework": result.framework,
        "message": result.message,
        "evidence": result.evidence,
        "fix": result.remediation.get("text") or row.about.remediation.get("text"),
        "joined_by": row.joined_by,
        "sure": row.sure,
        "scanned": result.time,
        "reported": summary.created[:19],
        # no text of an input becomes the name of a folder but twelve digits and a date
        "account": row.account if _ACCOUNT.fullmatch(row.account) else "none",
        "day": day_of(result.time) or summary.created[:10],
    }
    if result.lines:
        lines = result.lines
        fields.update(file=lines.file, first_line=lines.first, last_line=lines.last)
    if waived:
        fields.update(waived_until=waived.expires or None, waived_by=waived.owner, waived_for=waived.reason)
    return {name: value for name, value in fields.items() if value}
