"""Findings to rows: one row per rule and resource, what the code says beside what the account says.

A finding in code and one in the account belong together when both know the same ARN, or when the code names the Lambda
function literally and exactly one function of that name, in a region and an account that the code does not contradict,
is among the live findings. Anything less stays apart: a guess is never shown as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rolecall.arn import parse_arn, unqualified
from rolecall.findings import GRAVEST_FIRST, SEVERITIES, Finding, Status
from rolecall.report.text import clean_finding

_FUNCTION_TYPES = frozenset({"aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"})
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

_Key = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One rule on one resource.

    resource: its name, else its address in code. arn, account, region: those of the resource, ``""`` when not known.
    joined_by: ``arn`` or ``name`` where the row has both sides, else ``""``.
    code, live: the findings of each side, the gravest first; empty where that side has none.
    """

    rule: str
    title: str
    severity: str
    resource: str
    arn: str
    account: str
    region: str
    joined_by: str
    code: tuple[Finding, ...]
    live: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        """The graver of the two sides."""
        return _gravest(self.code + self.live)

    @property
    def code_status(self) -> Status | None:
        return _gravest(self.code) if self.code else None

    @property
    def live_status(self) -> Status | None:
        return _gravest(self.live) if self.live else None


def merge(findings: Iterable[Finding]) -> list[Row]:
    """Rows of findings from any number of inputs, the worst first.

    The same finding from two inputs counts once; where one of them says that it is muted, it is muted.
    """
    unique = _without_duplicates([clean_finding(finding) for finding in findings])
    live = [finding for finding in unique if finding.resource.framework == "live"]
    functions = _LiveFunctions(live)
    rows: dict[_Key, list[Finding]] = {}
    joins: dict[_Key, set[str]] = {}
    for finding in live:
        key: _Key = (finding.rule, "arn", _str(finding.resource.arn) or finding.resource.address)
        rows.setdefault(key, []).append(finding)
    for finding in unique:
        if finding.resource.framework != "live":
            arn, by = functions.find(finding)
            key = (finding.rule, "arn", arn) if arn else _place(finding)
            rows.setdefault(key, []).append(finding)
            joins.setdefault(key, set()).add(by)
    return sorted((_row(rows[key], key, joins.get(key, set())) for key in rows), key=_worst_first)


class _LiveFunctions:
    """The functions that the live findings speak of."""

    def __init__(self, live: Iterable[Finding]) -> None:
        self._arns: dict[str, set[str]] = {}
        for finding in live:
            arn = parse_arn(_str(finding.resource.arn))
            if arn and arn.service == "lambda" and arn.resource.startswith("function:"):
                self._arns.setdefault(arn.resource.split(":")[1], set()).add(str(arn))

    def find(self, finding: Finding) -> tuple[str, str]:
        """The ARN that a finding in code is about, and ``arn`` or ``name``, by which it was told; else two ``""``."""
        resource = finding.resource
        arn = _str(resource.arn) or (finding.function if finding.function.startswith("arn:") else "")
        if arn:
            return unqualified(arn), "arn"
        name = _str(resource.name) if resource.type in _FUNCTION_TYPES else finding.function
        if _FUNCTION_NAME.fullmatch(name):
            region, account = _str(resource.region), _str(resource.account)
            candidates = [
                str(arn)
                for arn in map(parse_arn, self._arns.get(name, ()))
                if arn and arn.region == (region or arn.region) and arn.account == (account or arn.account)
            ]
            if len(candidates) == 1:
                return candidates[0], "name"
        return "", ""


def _row(findings: Sequence[Finding], key: _Key, joins: set[str]) -> Row:
    findings = sorted(findings, key=_in_order)
    code = tuple(finding for finding in findings if finding.resource.framework != "live")
    live = tuple(finding for finding in findings if finding.resource.framework == "live")
    leading = (live or code)[0]
    arn = parse_arn(key[2]) if key[1] == "arn" else None
    return Row(
        rule=leading.rule,
        title=leading.title,
        severity=min((finding.severity for finding in findings), key=SEVERITIES.index),
        resource=leading.resource.label,
        arn=str(arn or ""),
        account=(arn.account if arn else "") or _str(leading.resource.account),
        region=(arn.region if arn else "") or _str(leading.resource.region),
        joined_by=("name" if "name" in joins else "arn") if code and live else "",
        code=code,
        live=live,
    )


def _without_duplicates(findings: Sequence[Finding]) -> list[Finding]:
    """Each finding once. Two inputs may say the same of one place, or one of them that it is muted."""
    places: dict[_Key, list[Finding]] = {}
    for finding in findings:
        places.setdefault(_place(finding), []).append(finding)
    unique: dict[tuple[_Key, Status, str], Finding] = {}
    for place, said in places.items():
        notes = tuple(note for f in said if f.status is Status.MUTED for note in f.evidence)
        muted = any(f.status is Status.MUTED for f in said)
        judged = [f for f in said if f.status is not Status.MUTED] or said
        told = {f.status for f in judged if f.message != f.title}
        for finding in judged:
            if finding.message == finding.title and finding.status in told:
                continue  # a bare record of the host, beside the finding itself
            covered = muted and finding.status in (Status.FAIL, Status.UNKNOWN)
            kept = _muted(finding, notes) if covered else finding
            unique.setdefault((place, kept.status, kept.message), kept)
    return list(unique.values())


def _muted(finding: Finding, notes: tuple[str, ...]) -> Finding:
    return finding._replace(status=Status.MUTED, evidence=tuple(dict.fromkeys(finding.evidence + notes)))


def _place(finding: Finding) -> _Key:
    """What makes two findings of one rule speak of one thing, however the inputs came by it."""
    resource = finding.resource
    if resource.framework == "live":
        return (finding.rule, "live", _str(resource.arn) or resource.address, _str(resource.region))
    lines = resource.location
    where = (lines.file.removeprefix("./"), f"{lines.first_line}-{lines.last_line}") if lines else ("", "")
    return (finding.rule, resource.framework, resource.address, *where)


def _in_order(finding: Finding) -> tuple[int, str, str, int]:
    place = finding.resource.location
    file, line = (place.file, place.first_line) if place else ("", 0)
    return GRAVEST_FIRST.index(finding.status), file, finding.resource.address, line


def _worst_first(row: Row) -> tuple[int, int, str, str, str]:
    return GRAVEST_FIRST.index(row.status), SEVERITIES.index(row.severity), row.rule, row.resource, row.arn


def _gravest(findings: Iterable[Finding]) -> Status:
    return min((finding.status for finding in findings), key=GRAVEST_FIRST.index)


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""
