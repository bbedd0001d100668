"""A line of Rolecall's trace; the same object stands in what Checkov and Prowler write with the pack loaded."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, Literal, Optional

import msgspec

from rolecall.arn import unqualified
from rolecall.findings import ORIGIN_TAGS, TRACE_SCHEMA, Remediation, Status
from rolecall.overlay import Overlay
from rolecall.report.kinds import FUNCTION, FUNCTION_TYPES, kind_and_name, kind_of_type
from rolecall.report.readers.base import Read, Said, target, waive
from rolecall.report.result import LIVE, Identity, Lines, Result, Waived

SCHEMAS = TRACE_SCHEMA.rpartition("/")[0] + "/"
MARK = f'"{SCHEMAS}'.encode()
"""What a document has in it where a finding of the pack is inside."""
SeverityName = Literal["critical", "high", "medium", "low", "informational"]
_FORMS = frozenset(vars(Remediation()))
_ORIGIN = ("stack", "logical_id", "yor_trace")


class TraceResource(msgspec.Struct, gc=False):
    type: str
    address: str
    name: Optional[str] = None
    arn: Optional[str] = None
    account: Optional[str] = None
    region: Optional[str] = None
    file: Optional[str] = None
    lines: Optional[tuple[int, int]] = None
    tags: dict[str, str] = {}


class TraceLine(msgspec.Struct, gc=False):
    """A finding, or an event of the run where ``event`` is set."""

    schema: str
    rule: str = ""
    status: Optional[Literal["PASS", "FAIL", "UNKNOWN", "ERROR", "MUTED"]] = None
    severity: Optional[SeverityName] = None
    title: str = ""
    framework: str = ""
    resource: Optional[TraceResource] = None
    function: Optional[str] = None
    message: str = ""
    evidence: list[str] = []
    remediation: dict[str, str] = {}
    time: str = ""
    event: Optional[str] = None
    host: str = ""
    what: str = ""
    wiring: Any = None


def read_line(line: TraceLine, said: Said, overlay: Overlay) -> Read | None:
    """The finding of a line; ``None`` for an event. Raises ``ValueError``."""
    if line.schema != TRACE_SCHEMA:
        raise ValueError(f"schema is {line.schema!r}, expected {TRACE_SCHEMA!r}")
    if line.event == "unread":
        said.unread.append(f"{line.host.capitalize() or 'The host'} did not read {line.what}")
    elif line.event == "wiring":
        said.wirings.append(line.wiring)
    if line.event is not None:
        return None
    return read_finding(line, overlay)


def read_finding(line: TraceLine, overlay: Overlay) -> Read:
    """A finding of the pack. Raises ``ValueError`` naming a field that is missing."""
    resource, status, severity = line.resource, line.status, line.severity
    if resource is None or status is None or severity is None or not line.rule:
        missing = next(name for name in ("rule", "resource", "status", "severity") if not getattr(line, name))
        raise ValueError(f"field {missing!r} is missing")
    function = line.function or ""
    result = Result(
        tool="rolecall",
        check=line.rule,
        rule=line.rule,
        status=status,
        severity=severity,
        framework=line.framework,
        label=resource.name or resource.address,
        message=line.message,
        title=line.title,
        type=resource.type,
        address=resource.address,
        name=resource.name or "",
        arn=resource.arn or "",
        account=resource.account or "",
        region=resource.region or "",
        lines=Lines(shown(resource.file), *resource.lines) if resource.file and resource.lines else None,
        function=function,
        evidence=tuple(line.evidence),
        remediation={form: text for form, text in line.remediation.items() if form in _FORMS},
        time=line.time,
    )
    if status == Status.MUTED:
        result.waived = Waived(*(result.evidence[:1] or ("its scanner was told to skip it",)))
        result.evidence = result.evidence[1:]
    adjustment = overlay.adjustment(line.rule)
    result.severity = adjustment.severity or severity
    if result.remediation:
        result.remediation["text"] = adjustment.words(result.remediation.get("text", ""))
    waive(result, target(result), overlay)
    return Read(result, identity_of(result, resource.tags))


def identity_of(result: Result, tags: dict[str, str]) -> Identity:
    """Of the function concerned, where the resource is another: in an account findings are always on functions."""
    known = {"account": result.account, "region": result.region}
    if result.framework != LIVE and result.function and result.type not in FUNCTION_TYPES:
        if result.function.startswith("arn:"):
            return Identity(arn=unqualified(result.function), kind=FUNCTION, **known)
        return Identity(kind=FUNCTION, name=result.function, **known)
    arn = unqualified(result.arn)
    kind, name = kind_and_name(arn) if arn else (kind_of_type(result.type), result.name)
    return Identity(arn=arn, kind=kind, name=name, address=result.address, **known, **tag_facts(tags))


def tag_facts(tags: dict[str, str]) -> dict[str, str]:
    """What tags say of where a resource comes from, as fields of ``Identity``."""
    return {field: tags.get(tag, "") for field, tag in zip(_ORIGIN, ORIGIN_TAGS, strict=True)} if tags else {}


@cache
def shown(file: str) -> str:
    """A path for a reader: relative to the working directory where it lies below it, else as it is."""
    inside = os.path.isabs(file) and Path(file).is_relative_to(Path.cwd())
    return os.path.relpath(file) if inside else file.removeprefix("./")
