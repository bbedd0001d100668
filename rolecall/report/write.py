"""The report as files: ``report.json`` and ``report.html``, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rolecall import __version__
from rolecall.findings import Finding, to_record
from rolecall.report import html
from rolecall.report.merge import Row
from rolecall.report.summary import Report, make_report
from rolecall.whole_file import write_whole

REPORT_SCHEMA = "rolecall/report/1"


def build(
    findings: Iterable[Finding], problems: Sequence[object], folder: str | Path, notes: Sequence[str] = ()
) -> tuple[Report, list[Path]]:
    """Merge findings and write the report's files; returns the report and the paths of the files.

    problems, notes: what could not be read and what was left out, one line each. Raises ``OSError`` when a file cannot
    be written, ``ModuleNotFoundError`` without the extra ``rolecall[report]``.
    """
    report = make_report(findings, problems, notes)
    return report, write(report, Path(folder))


def write(report: Report, folder: Path) -> list[Path]:
    """Write the report's files into a folder, which is made when it is not there."""
    contents = {"report.json": as_json(report), "report.html": html.render(report)}
    folder.mkdir(parents=True, exist_ok=True)
    return [write_whole(folder / name, content) for name, content in contents.items()]


def as_json(report: Report) -> str:
    """The report as JSON (schema ``rolecall/report/1``, ``docs/report.md``)."""
    document = {
        "schema": REPORT_SCHEMA,
        "rolecall": __version__,
        "created": report.created.isoformat(timespec="seconds"),
        "summary": {
            "rules": report.rules,
            "resources": report.resources,
            "rows": len(report.rows),
            "status": {status.value: count for status, count in report.statuses.items()},
            "fail": {severity: {"code": code, "account": live} for severity, (code, live) in report.failures.items()},
        },
        "problems": list(report.problems),
        "notes": list(report.notes),
        "rows": [_row(row) for row in report.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _row(row: Row) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "title": row.title,
        "severity": row.severity,
        "status": row.status.value,
        "resource": row.resource,
        "arn": row.arn or None,
        "account": row.account or None,
        "region": row.region or None,
        "joined_by": row.joined_by or None,
        "in_code": _side(row.code_status, row.code),
        "in_account": _side(row.live_status, row.live),
    }


def _side(status: Any, findings: tuple[Finding, ...]) -> dict[str, Any] | None:
    return {"status": status.value, "findings": [to_record(finding) for finding in findings]} if findings else None
