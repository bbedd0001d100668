"""The report for Security Hub: findings in its format, in batches that BatchImportFindings takes, one a line.

A batch is of one account and region, from which it has to be sent. What is in code only belongs to no account and is
left out. Sources: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html (lengths),
https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html (batches)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from rolecall.arn import parse_arn
from rolecall.report.outputs.base import Output, Writer, dumps, shortened
from rolecall.report.rows import FOUND, Row
from rolecall.report.summary import Summary

MOST = 100
LARGEST = 5 << 20
_HELD = 64 << 20
_STATUS = {"FAIL": "FAILED", "PASS": "PASSED", "UNKNOWN": "NOT_AVAILABLE", "ERROR": "NOT_AVAILABLE", "MUTED": "WARNING"}
_TYPES = ["Software and Configuration Checks/AWS Security Best Practices"]
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2}", re.ASCII)
_GLOBAL = "us-east-1"
_Part = list[tuple[str, bytes]]


class Asff(Output):
    file = "report.asff.jsonl"

    def format(self, rows: Iterable[Row], summary: Summary) -> _Part:
        """Each finding with the account and region that it goes to."""
        part = []
        for row in rows:
            if row.live and _ACCOUNT.fullmatch(row.account):
                region = row.region if _REGION.fullmatch(row.region) else _GLOBAL
                part.append((f"{row.account} {region}", dumps(_finding(row, region, summary))))
        return part

    def writer(self, file: BinaryIO) -> Writer:
        return _Batches(file)


class _Batches:
    """Findings held back until there are enough of one account and region."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._held: dict[str, list[bytes]] = {}
        self._size = 0

    def add(self, part: _Part) -> None:
        for target, finding in part:
            held = self._held.setdefault(target, [])
            held.append(finding)
            self._size += len(finding)
            if len(held) == MOST:
                self._send(target)
            while self._size > _HELD:
                self._send(max(self._held, key=lambda held: len(self._held[held])))

    def end(self) -> None:
        for target in list(self._held):
            self._send(target)

    def _send(self, target: str) -> None:
        findings = self._held.pop(target)
        self._size -= sum(map(len, findings))
        self._file.write(b'{"Findings":[' + b",".join(findings) + b"]}\n")


def _finding(row: Row, region: str, summary: Summary) -> dict[str, Any]:
    arn = parse_arn(row.arn)
    partition = arn.partition if arn else "aws"
    severity = {"Label": row.severity.upper(), "Original": row.severity}
    fields = {
        "ProviderName": "Rolecall",
        "ProviderVersion": summary.version,
        "rolecall/checks": " ".join(row.checks),
        "rolecall/found": FOUND.get(row.found, ""),
        "rolecall/code": " ".join(row.places),
        "rolecall/joined_by": f"{row.joined_by} ({row.sure})" if row.joined_by else "",
    }
    finding = {
        "SchemaVersion": "2018-10-08",
        "Id": f"rolecall/{row.rule}/{row.fingerprint}",
        "ProductArn": f"arn:{partition}:securityhub:{region}:{row.account}:product/{row.account}/default",
        "GeneratorId": shortened(f"rolecall/{row.rule}", 512),
        "AwsAccountId": row.account,
        "Types": _TYPES,
        "CreatedAt": summary.created,
        "UpdatedAt": summary.created,
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": _TYPES},
        "Title": shortened(row.title, 256),
        "Description": shortened(row.message, 1024),
        "ProductFields": {name: shortened(value, 2048) for name, value in fields.items() if value},
        "Resources": [
            {
                "Type": shortened(row.type or "Other", 256),
                "Id": shortened(row.arn or row.resource, 512),
                "Partition": partition,
                "Region": region,
            }
        ],
        "Compliance": {"Status": _STATUS[row.status]},
        "RecordState": "ACTIVE",
    }
    recommendation = {"Text": shortened(row.remedy.get("text", ""), 512), "Url": row.link}
    recommendation = {name: value for name, value in recommendation.items() if value.strip()}
    if recommendation:
        finding["Remediation"] = {"Recommendation": recommendation}
    if row.status == "MUTED":
        waived = row.waived
        finding["Workflow"] = {"Status": "SUPPRESSED"}
        text = f"{waived.reason} (until {waived.expires})" if waived.expires else waived.reason or "muted"
        by = waived.owner or "rolecall"
        finding["Note"] = {"Text": shortened(text, 512), "UpdatedBy": by, "UpdatedAt": summary.created}
    return finding
