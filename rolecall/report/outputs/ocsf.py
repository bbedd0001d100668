"""The report as OCSF 1.5: detection findings with the fields that Prowler fills, so that what reads its, reads these.

What passes is told without risk and remediation.
Source: https://schema.ocsf.io/1.5.0/classes/detection_finding
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rolecall.report.outputs.base import Output, dumps
from rolecall.report.rows import Row, Rule
from rolecall.report.summary import Summary

_SEVERITY = {
    "informational": (1, "Informational"),
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_NEW, _SUPPRESSED = (1, "New"), (3, "Suppressed")
_STATUS = {"FAIL": "FAIL", "PASS": "PASS", "UNKNOWN": "MANUAL", "ERROR": "MANUAL", "MUTED": "FAIL"}


class Ocsf(Output):
    file = "report.ocsf.json"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        return b"[\n"

    def row(self, row: Row, summary: Summary) -> bytes:
        severity_id, severity = _SEVERITY[row.severity]
        status_id, status = _SUPPRESSED if row.status == "MUTED" else _NEW
        facts = {
            "status": row.status,
            "found": row.found,
            "in_code": row.code_status,
            "in_account": row.live_status,
            "joined_by": row.joined_by,
            "sure": row.sure,
            "change": row.change,
            "code": row.places,
            "checks": row.checks,
        }
        finding: dict[str, Any] = {
            "message": row.message,
            "metadata": {
                "event_code": row.rule,
                "product": _product(summary.version),
                "profiles": ["cloud", "datetime"] if row.account else ["datetime"],
                "version": "1.5.0",
            },
            "severity_id": severity_id,
            "severity": severity,
            "status": status,
            "status_id": status_id,
            "status_code": _STATUS[row.status],
            "status_detail": row.message,
            "activity_name": "Create",
            "activity_id": 1,
            "finding_info": {
                "analytic": {"name": row.title, "type": "Rule", "type_id": 1, "uid": row.rule},
                "created_time": summary.seconds,
                "created_time_dt": summary.created,
                "title": row.title,
                "uid": f"rolecall-{row.fingerprint}",
            },
            "resources": [
                {
                    "name": row.resource,
                    "type": row.type or "Other",
                    "uid": row.arn or row.results[0].address or row.resource,
                    **({"region": row.region} if row.region else {}),
                }
            ],
            "category_name": "Findings",
            "category_uid": 2,
            "class_name": "Detection Finding",
            "class_uid": 2004,
            "time": summary.seconds,
            "time_dt": summary.created,
            "type_uid": 200401,
            "type_name": "Detection Finding: Create",
            "unmapped": {"rolecall": {name: fact for name, fact in facts.items() if fact}},
        }
        if row.status != "PASS":
            text = row.remedy.get("text", "")
            finding["finding_info"]["desc"] = row.about.description or row.title
            if row.about.risk:
                finding["risk_details"] = row.about.risk
            if text:
                finding["remediation"] = {"desc": text, "references": row.about.links}
            if row.evidence:
                finding["resources"][0]["data"] = {"evidence": row.evidence}
        if row.account:
            account = {"name": "", "uid": row.account, "type": "AWS Account", "type_id": 10}
            finding["cloud"] = {"provider": "AWS", "account": account, **({"region": row.region} if row.region else {})}
        return dumps(finding)

    def tail(self, summary: Summary) -> bytes:
        return b"\n]\n"


def _product(version: str) -> dict[str, str]:
    return {"name": "Rolecall", "uid": "rolecall", "vendor_name": "Rolecall", "version": version}
