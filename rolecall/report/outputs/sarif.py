"""The report as SARIF 2.1.0: what fails, cannot be told, or is muted. Code has its lines, live resources their ARN.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html;
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from rolecall.report.outputs.base import Output, dumps, shortened
from rolecall.report.result import Lines, Result
from rolecall.report.rows import FOUND, Row, Rule
from rolecall.report.summary import Summary

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "informational": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "informational": "0.0"}
_KINDS = {"FAIL": "fail", "MUTED": "fail", "UNKNOWN": "open", "ERROR": "open"}
_LONGEST = 1000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Sarif(Output):
    file = "report.sarif"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        driver = {
            "name": "Rolecall",
            "semanticVersion": summary.version,
            "rules": [_rule(rule) for rule in rules],
        }
        notifications = [{"level": "error", "message": {"text": problem}} for problem in summary.problems]
        invocation = {"executionSuccessful": not summary.incomplete, "toolExecutionNotifications": notifications,
                      "endTimeUtc": summary.created}  # fmt: skip
        run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "invocations": [invocation]}
        document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
        return dumps(document)[: -len("}]}")] + b',"results":[\n'

    def row(self, row: Row, summary: Summary) -> bytes | None:
        kind = _KINDS.get(row.status)
        if kind is None:
            return None
        found = f" ({FOUND[row.found]})" if row.found else ""
        result = {
            "ruleId": row.rule,
            "kind": kind,
            "level": _LEVELS[row.severity] if kind == "fail" else "none",
            "message": {"text": f"{shortened(row.message, _LONGEST)}{found}"},
            "locations": _locations(row),
            "partialFingerprints": {"rolecall/v1": row.fingerprint},
            "properties": {"severity": row.severity, "found": row.found, "status": row.status},
        }
        if row.change:
            result["baselineState"] = row.change
        if row.status == "MUTED":
            waived = row.waived
            said = waived.reason + (f" (until {waived.expires}, {waived.owner})" if waived.expires else "")
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
        return dumps(result)

    def tail(self, summary: Summary) -> bytes:
        return b"\n]}]}\n"


def _rule(rule: Rule) -> dict[str, Any]:
    help_text = rule.remediation.get("text", "") or rule.title
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": shortened(rule.title, _LONGEST)},
        "fullDescription": {"text": shortened(rule.description or rule.title, _LONGEST)},
        "help": {"text": " ".join(filter(None, (rule.risk, help_text)))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"security-severity": _SCORES[rule.severity], "tags": ["security", "aws"]},
    }
    if rule.links and rule.links[0].startswith("https://"):
        described["helpUri"] = rule.links[0]
    return described


def _locations(row: Row) -> list[dict[str, Any]]:
    """One for each place in code; the live resource beside the first, or by itself."""
    live = (
        [{"name": row.resource, "fullyQualifiedName": row.arn or row.resource, "kind": "resource"}] if row.live else []
    )
    places = [_physical(result, result.lines) for result in row.code if result.lines]
    if not places:
        named = live or [{"name": row.resource, "kind": "resource"}]
        return [{"logicalLocations": named}]
    if live:
        places[0]["logicalLocations"] = [*places[0].get("logicalLocations", ()), *live]
    return places


def _physical(result: Result, lines: Lines) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(lines.file, safe="/~._-")}}
    if lines.first > 0:
        physical["region"] = {"startLine": lines.first, "endLine": max(lines.last, lines.first)}
    location: dict[str, Any] = {"physicalLocation": physical}
    if result.address:
        location["logicalLocations"] = [{"fullyQualifiedName": result.address, "kind": "resource"}]
    return location
