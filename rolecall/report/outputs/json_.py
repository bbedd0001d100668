"""The report as JSON (schema ``rolecall/report/2``, ``docs/report.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rolecall.report.outputs.base import Output, dumps
from rolecall.report.result import Result
from rolecall.report.rows import Row, Rule
from rolecall.report.summary import Summary

SCHEMA = "rolecall/report/2"


class Json(Output):
    file = "report.json"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        document = {
            "schema": SCHEMA,
            "rolecall": summary.version,
            "created": summary.created,
            "summary": summary.counts,
            "inputs": summary.inputs,
            "problems": summary.problems,
            "notes": summary.notes,
            "waivers": summary.waivers,
            "fixed": summary.fixed,
            "rules": {rule.id: rule for rule in rules},
        }
        return dumps(document)[:-1] + b',"rows":[\n'

    def row(self, row: Row, summary: Summary) -> bytes:
        return dumps(
            {
                "rule": row.rule,
                "title": row.title,
                "severity": row.severity,
                "status": row.status,
                "found": row.found or None,
                "change": row.change or None,
                "resource": row.resource,
                "type": row.type or None,
                "arn": row.arn or None,
                "account": row.account or None,
                "region": row.region or None,
                "joined_by": row.joined_by or None,
                "sure": row.sure or None,
                **({"may_be": {"count": row.fits, "resources": row.maybe}} if row.fits else {}),
                "fingerprints": row.fingerprints,
                "in_code": _side(row.code_status, row.code),
                "in_account": _side(row.live_status, row.live),
            }
        )

    def tail(self, summary: Summary) -> bytes:
        return b"\n]}\n"


def _side(status: str, results: list[Result]) -> dict[str, Any] | None:
    return {"status": status, "results": results} if results else None
