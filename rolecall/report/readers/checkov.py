"""Checkov's records: of the pack, with its finding inside or by their own fields, and of Checkov's own checks."""

from __future__ import annotations

import re
from typing import Any, Optional

import msgspec

from rolecall.findings import Status
from rolecall.overlay import Overlay
from rolecall.report.kinds import kind_of_type, name_in_code
from rolecall.report.readers.base import Read, Said, known, mute, settle, severity_of
from rolecall.report.readers.trace import MARK, TraceLine, identity_of, read_finding, shown
from rolecall.report.result import Identity, Lines, Result, strings_of

_STATUS = {"PASSED": Status.PASS, "FAILED": Status.FAIL, "SKIPPED": Status.MUTED, "UNKNOWN": Status.UNKNOWN}
_TERRAFORM_TYPE = re.compile(r"(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*(?:data\.)?(?P<type>[a-z0-9_]+)\.")


class _CheckResult(msgspec.Struct, gc=False):
    result: str
    suppress_comment: Optional[str] = None
    rolecall: Optional[TraceLine] = None
    entity: msgspec.Raw = msgspec.Raw(b"")


class _Entity(msgspec.Struct, gc=False):
    rolecall: TraceLine


_decode_entity = msgspec.json.Decoder(_Entity).decode


class Record(msgspec.Struct, gc=False):
    """One record of ``results.failed_checks`` and its sisters, as far as it is looked at."""

    check_id: str
    check_result: _CheckResult
    resource: str
    file_line_range: Optional[list[int]] = None
    check_name: Optional[str] = None
    severity: Optional[str] = None
    file_path: Optional[str] = None
    file_abs_path: Optional[str] = None
    entity_tags: Any = None
    details: Any = None
    code_block: Any = None
    guideline: Optional[str] = None


def read_record(record: Record, framework: str, said: Said, overlay: Overlay) -> Read:
    """The result in a record. framework: Checkov's, of the report. Raises ``ValueError``."""
    outcome = record.check_result
    status = _STATUS.get(outcome.result)
    if status is None:
        raise ValueError(f"result {outcome.result!r} is not one of {', '.join(_STATUS)}")
    embedded = outcome.rolecall or _embedded(outcome.entity)
    if embedded:
        read = read_finding(embedded, overlay)
    elif record.check_id.startswith("CKV_RC_"):
        read = _of_the_pack(record, framework, status, said, overlay)
    else:
        read = _of_checkov(record, framework, status, said, overlay)
    if status is Status.MUTED:
        mute(read.result, f"skipped in Checkov: {outcome.suppress_comment or 'no comment given'}")
    return read


def _embedded(entity: msgspec.Raw) -> TraceLine | None:
    """Checkov writes the resource beside the result; the pack puts its finding into that of templates."""
    return _decode_entity(entity).rolecall if MARK in bytes(entity) else None


def _of_the_pack(record: Record, framework: str, status: Status, said: Said, overlay: Overlay) -> Read:
    rule = f"RC{record.check_id.removeprefix('CKV_RC_')}"
    if not severity_of(record.severity) and known(rule) is None:
        raise ValueError(f"{record.check_id} has no severity, and this version of Rolecall does not know the rule")
    result = _result(record, framework, status)
    result.tool, result.check, result.rule = "rolecall", rule, rule
    settle(result, said, overlay)
    details = strings_of(record.details)
    if details:
        result.message, *more = details
        result.evidence = (*more, *result.evidence)
    return Read(result, identity_of(result, _tags(record)))


def _of_checkov(record: Record, framework: str, status: Status, said: Said, overlay: Overlay) -> Read:
    result = _result(record, framework, status)
    result.name = name_in_code(result.type, record.code_block) if isinstance(record.code_block, list) else ""
    result.label = result.name or result.address
    settle(result, said, overlay)
    tags = _tags(record)
    kind = kind_of_type(result.type)
    identity = Identity(kind=kind, name=result.name, address=result.address, yor_trace=tags.get("yor_trace", ""))
    return Read(result, identity)


def _result(record: Record, framework: str, status: Status) -> Result:
    type_, address = _type_and_address(record.resource, framework)
    file = record.file_abs_path or record.file_path or ""
    first, last = (record.file_line_range or [0, 0])[:2]
    title = record.check_name or record.check_id
    return Result(
        tool="checkov",
        check=record.check_id,
        rule=record.check_id,
        status=status.value,
        severity=severity_of(record.severity),
        framework=framework,
        label=address,
        message=title,
        title=title,
        type=type_,
        address=address,
        lines=Lines(shown(file), first, last) if file else None,
    )


def _tags(record: Record) -> dict[str, str]:
    tags = record.entity_tags
    return {str(key): value for key, value in tags.items() if isinstance(value, str)} if isinstance(tags, dict) else {}


def _type_and_address(resource: str, framework: str) -> tuple[str, str]:
    """Checkov's name of a resource, in the terms of the trace."""
    if framework.startswith("terraform"):
        match = _TERRAFORM_TYPE.match(resource)
        return match["type"] if match else "", resource
    if framework in ("cloudformation", "serverless", "sam"):
        type_, _, logical_id = resource.rpartition(".")
        return type_, logical_id
    return "", resource
