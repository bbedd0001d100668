"""Files to findings: Checkov JSON, Prowler OCSF JSON and the trace, told apart by what is in them.

Nothing here raises on bad input: whatever cannot be read is a ``Problem``, and everything else is still read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rolecall.catalog import load_catalog
from rolecall.findings import SEVERITIES, TRACE_SCHEMA, Finding, Remediation, Status, from_record
from rolecall.model import Location, Resource
from rolecall.report.text import clean, shown_path
from rolecall.unknown import Unknown

_CHECKOV_STATUS = {"PASSED": Status.PASS, "FAILED": Status.FAIL, "SKIPPED": Status.MUTED}
_PROWLER_STATUS = {"PASS": Status.PASS, "FAIL": Status.FAIL, "MANUAL": Status.UNKNOWN}
_CHECKOV_SEVERITY = {"info": "informational"}
_TERRAFORM_TYPE = re.compile(r"(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*(?P<type>[a-z0-9_]+)\.")
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
_ANY_TRACE = TRACE_SCHEMA.rpartition("/")[0] + "/"
_FOREIGN = "neither Checkov JSON, nor Prowler OCSF JSON, nor a trace of Rolecall"


@dataclass(frozen=True)
class Problem:
    """Something that could not be read. ``str``: one line that names the file and the place in it."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True)
class Reading:
    """What the inputs gave. builtin: results of the tools' own checks, by tool; they are counted, not shown.

    warnings: what a reader should know though nothing is wrong with the input.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    builtin: Mapping[str, int]
    warnings: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(
            f"{tool}: 1 result of a built-in check is not shown"
            if count == 1
            else f"{tool}: {count} results of built-in checks are not shown"
            for tool, count in sorted(self.builtin.items())
        )


def read(paths: Iterable[str]) -> Reading:
    """Read input files. Bad ones, and bad parts of good ones, become problems; raises nothing."""
    files = [_File(path) for path in dict.fromkeys(paths)]
    for file in files:
        file.read()
    builtin: Counter[str] = Counter()
    for file in files:
        builtin.update(file.builtin)
    return Reading(
        findings=tuple(finding for file in files for finding in file.findings),
        problems=tuple(problem for file in files for problem in file.problems()),
        builtin=dict(builtin),
        warnings=tuple(warning for file in files for warning in file.warnings()),
    )


class _File:
    """One input file and what was found in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = clean(path)
        self.findings: list[Finding] = []
        self.builtin: Counter[str] = Counter()
        self.unread: list[str] = []  # what the tool that wrote the file could not read
        self.faults: list[str] = []  # what is wrong with the file

    def problems(self) -> Iterator[Problem]:
        """One for the file, whatever the number of its bad parts, and one for each thing its tool could not read."""
        if self.faults:
            more = f" (and {len(self.faults) - 1} more like it)" if len(self.faults) > 1 else ""
            yield Problem(self.name, clean(self.faults[0]) + more)
        for message in dict.fromkeys(self.unread):
            yield Problem(self.name, clean(message))

    def warnings(self) -> Iterator[str]:
        if self.builtin["Checkov"] and not self.findings:
            yield f"{self.name}: no result of Rolecall in it: if this code has Lambda functions, the pack did not load"

    def read(self) -> None:
        try:
            data = Path(self.path).read_bytes()
            text = data.decode(json.detect_encoding(data))
        except UnicodeDecodeError as fault:
            byte = f"byte {fault.object[fault.start]:#04x} at offset {fault.start}"
            self.faults.append(f"not {fault.encoding} text: {byte}")
        except (OSError, ValueError) as fault:  # ValueError: a null character in the path
            reason = fault.strerror if isinstance(fault, OSError) else None
            self.faults.append(f"cannot be read: {reason or fault}")
        else:
            self._read_text(text)

    def _read_text(self, text: str) -> None:
        if not text.strip():
            self.faults.append("is empty: the tool that wrote it had nothing to say, or broke")
            return
        try:
            document = json.loads(text)
        except RecursionError:
            self.faults.append("is nested too deeply")
        except ValueError as fault:
            if not self._read_lines(text):
                self.faults.append(f"not complete JSON: {fault}")
        else:
            items = document if isinstance(document, list) else [document]
            for number, item in enumerate(items, start=1):
                self._read_item(item, f"item {number}: " if isinstance(document, list) else "")

    def _read_lines(self, text: str) -> bool:
        """Read JSON Lines; ``False`` when the text is none, judged by its first line."""
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as fault:
                if not self.findings and not self.faults and not self.unread and number == 1:
                    return False
                self.faults.append(f"line {number}: not complete JSON: {getattr(fault, 'msg', fault)}")
            else:
                self._read_item(item, f"line {number}: ")
        return True

    def _read_item(self, item: Any, place: str) -> None:
        """One JSON value: a Checkov report, a Prowler finding, or a line of a trace."""
        try:
            if not isinstance(item, dict):
                self.faults.append(f"{place}{_FOREIGN}")
            elif str(item.get("schema")).startswith(_ANY_TRACE):
                self._read_trace(item)
            elif "check_type" in item and isinstance(item.get("results"), dict):
                self._read_checkov(item, place)
            elif "checkov_version" in item:
                pass  # what Checkov writes when it found nothing to scan
            elif "status_code" in item and isinstance(item.get("metadata"), dict) and "event_code" in item["metadata"]:
                self._add(_of_prowler(item), "Prowler")
            else:
                self.faults.append(f"{place}{_FOREIGN}")
        except _FAULTS as fault:
            self.faults.append(f"{place}{_said(fault)}")

    def _read_trace(self, item: dict[str, Any]) -> None:
        if item.get("event") == "unread":
            self.unread.append(f"{str(item.get('host', 'the host')).capitalize()} did not read {item['what']}")
        elif "event" not in item:
            self.findings.append(_of_record(item))

    def _read_checkov(self, report: dict[str, Any], place: str) -> None:
        results = report["results"]
        for kind in ("passed_checks", "failed_checks", "skipped_checks"):
            for number, record in enumerate(results.get(kind) or (), start=1):
                try:
                    self._add(_of_checkov(record, str(report["check_type"])), "Checkov")
                except _FAULTS as fault:
                    self.faults.append(f"{place}{kind} {number}: {_said(fault)}")
        errors = [shown_path(str(file)) for file in results.get("parsing_errors") or ()]
        if errors:
            more = f" and {len(errors) - 5} more" if len(errors) > 5 else ""
            self.unread.append(f"Checkov could not parse {', '.join(errors[:5])}{more}")

    def _add(self, finding: Finding | None, tool: str) -> None:
        if finding is None:
            self.builtin[tool] += 1
        else:
            self.findings.append(finding)


def _of_record(record: Mapping[str, Any]) -> Finding:
    finding = from_record(record)
    place = finding.resource.location
    if place is None:
        return finding
    shown = Location(shown_path(place.file), place.first_line, place.last_line)
    return finding._replace(resource=replace(finding.resource, location=shown))


def _of_checkov(record: Mapping[str, Any], framework: str) -> Finding | None:
    """The finding in one of Checkov's records: the one embedded in it, else what the record's own fields say.

    ``None`` for a check that is not of the pack.
    """
    check = str(record["check_id"])
    result = record["check_result"]
    if not check.startswith("CKV_RC_"):
        return None
    status = _CHECKOV_STATUS.get(str(result["result"]))
    if status is None:
        raise ValueError(f"result {result['result']!r} is not one of {', '.join(_CHECKOV_STATUS)}")
    embedded = result.get("rolecall") or (result.get("entity") or {}).get("rolecall")
    finding = _of_record(embedded) if embedded else _of_checkov_fields(record, framework, check, status)
    if status is Status.MUTED:
        return _muted(finding, f"skipped in Checkov: {result.get('suppress_comment') or 'no comment given'}")
    return finding


def _of_checkov_fields(record: Mapping[str, Any], framework: str, check: str, status: Status) -> Finding:
    entry = load_catalog().by_checkov(check)
    said = str(record.get("severity") or "").lower()
    severity = _CHECKOV_SEVERITY.get(said, said) if said or entry is None else entry.severity
    if severity not in SEVERITIES:
        raise ValueError(f"{check} has no severity, and this version of Rolecall does not know the rule")
    title = str(record.get("check_name") or (entry.title if entry else check))
    details = record.get("details") or [title]
    address, unknown = str(record["resource"]), Unknown("Checkov's record does not say it")
    type_, address = _type_and_address(address, framework)
    first, last = record["file_line_range"]
    file = shown_path(str(record.get("file_abs_path") or record["file_path"]))
    return Finding(
        rule=f"RC{check.removeprefix('CKV_RC_')}",
        status=status,
        severity=severity,
        title=title,
        resource=Resource(
            framework=framework,
            type=type_,
            address=address,
            name=unknown,
            arn=unknown,
            account=unknown,
            region=unknown,
            location=Location(file, int(first), int(last)),
        ),
        function="",
        message=str(details[0]),
        evidence=tuple(str(detail) for detail in details[1:]),
        remediation=entry.remedy({}) if entry and status is Status.FAIL else Remediation(),
    )


def _type_and_address(resource: str, framework: str) -> tuple[str, str]:
    """Checkov's name of a resource, in the terms of the trace."""
    if framework.startswith("terraform"):
        match = _TERRAFORM_TYPE.match(resource)
        return match["type"] if match else "", resource
    type_, _, logical_id = resource.rpartition(".")
    return type_, logical_id


def _of_prowler(item: Mapping[str, Any]) -> Finding | None:
    """The finding in one of Prowler's OCSF objects; ``None`` for a check that is not of the pack."""
    entry = load_catalog().by_prowler(str(item["metadata"]["event_code"]))
    source = (item.get("resources") or [{}])[0]
    embedded = ((source.get("data") or {}).get("metadata") or {}).get("rolecall")
    if entry is None and not embedded:
        return None
    muted = item.get("status") == "Suppressed"
    if embedded:
        finding = _of_record(embedded)
    elif entry is not None:
        status, severity = str(item["status_code"]), str(item.get("severity")).lower()
        if status not in _PROWLER_STATUS:
            raise ValueError(f"status_code {status!r} is not one of {', '.join(_PROWLER_STATUS)}")
        cloud, arn = item.get("cloud") or {}, str(source["uid"])
        finding = Finding(
            rule=entry.id,
            status=_PROWLER_STATUS[status],
            severity=severity if severity in SEVERITIES else entry.severity,
            title=entry.title,
            resource=Resource(
                framework="live",
                type=str(source.get("type") or ""),
                address=arn,
                name=str(source.get("name") or arn),
                arn=arn,
                account=str((cloud.get("account") or {}).get("uid") or ""),
                region=str(cloud.get("region") or source.get("region") or ""),
                key=arn,
            ),
            function=str(source.get("name") or "") if ":function:" in arn else "",
            message=str(item.get("status_detail") or item.get("message") or entry.title),
            evidence=(),
            remediation=entry.remedy({}) if status == "FAIL" else Remediation(),
        )
    return _muted(finding, "muted in Prowler's mutelist") if muted else finding


def _muted(finding: Finding, why: str) -> Finding:
    """A finding that its host was told to pass over. What passes needs no muting, and what broke cannot be muted."""
    if finding.status in (Status.PASS, Status.ERROR):
        return finding
    return finding._replace(status=Status.MUTED, evidence=(*finding.evidence, why))


def _said(fault: Exception) -> str:
    if isinstance(fault, KeyError):
        return f"field {fault} is missing"
    if isinstance(fault, RecursionError):
        return "is nested too deeply"
    return str(fault) if isinstance(fault, ValueError) else f"a field has the wrong form: {fault}"
