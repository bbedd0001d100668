"""What Prowler writes: OCSF detection findings, its CSV, and findings in the format of Security Hub (ASFF)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

import msgspec

from rolecall.arn import unqualified
from rolecall.catalog import load_catalog
from rolecall.findings import ORIGIN_TAGS, Status
from rolecall.overlay import Overlay
from rolecall.report.kinds import FUNCTION, kind_and_name
from rolecall.report.readers.base import Read, Said, mute, settle, severity_of
from rolecall.report.readers.trace import MARK, TraceLine, read_finding, tag_facts
from rolecall.report.result import LIVE, Identity, Result

_STATUS = {"PASS": Status.PASS, "FAIL": Status.FAIL, "MANUAL": Status.UNKNOWN}
_ASFF_STATUS = {"PASSED": Status.PASS, "FAILED": Status.FAIL, "NOT_AVAILABLE": Status.UNKNOWN, "WARNING": Status.MUTED}
_MUTED = "muted in Prowler's mutelist"
_GENERATOR = "prowler-"


class _Metadata(msgspec.Struct, gc=False):
    event_code: str


class _Info(msgspec.Struct, gc=False):
    title: Optional[str] = None


class _Resource(msgspec.Struct, gc=False):
    uid: Optional[str] = None
    name: Optional[str] = None
    type: Optional[str] = None
    region: Optional[str] = None
    labels: Any = None
    data: msgspec.Raw = msgspec.Raw(b"")


class _Account(msgspec.Struct, gc=False):
    uid: Optional[str] = None


class _Cloud(msgspec.Struct, gc=False):
    account: Optional[_Account] = None
    region: Optional[str] = None


class Ocsf(msgspec.Struct, gc=False):
    """A detection finding, as far as it is looked at. Source: https://schema.ocsf.io/classes/detection_finding"""

    metadata: _Metadata
    status_code: str
    status: Optional[str] = None
    status_detail: Optional[str] = None
    message: Optional[str] = None
    severity: Optional[str] = None
    finding_info: Optional[_Info] = None
    resources: Optional[list[_Resource]] = None
    cloud: Optional[_Cloud] = None
    time_dt: Optional[str] = None


class _RolecallMetadata(msgspec.Struct, gc=False):
    rolecall: TraceLine


class _RolecallData(msgspec.Struct, gc=False):
    metadata: _RolecallMetadata


_embedded = msgspec.json.Decoder(_RolecallData).decode


def read_ocsf(item: Ocsf, said: Said, overlay: Overlay) -> Read:
    """The result in a detection finding. Raises ``ValueError``."""
    source = item.resources[0] if item.resources else _Resource()
    tags = _labels(source.labels)
    if MARK in bytes(source.data):
        read = read_finding(_embedded(source.data).metadata.rolecall, overlay)
        if tags:
            read = Read(read.result, msgspec.structs.replace(read.identity, **tag_facts(tags)))
        read.result.time = item.time_dt or ""
    else:
        cloud = item.cloud or _Cloud()
        facts = _Facts(
            check=item.metadata.event_code,
            status=_of(_STATUS, item.status_code, "status_code"),
            severity=item.severity,
            title=item.finding_info.title if item.finding_info else None,
            message=item.status_detail or item.message,
            arn=source.uid,
            name=source.name,
            type=source.type,
            account=cloud.account.uid if cloud.account else None,
            region=cloud.region or source.region,
            tags=tags,
            time=item.time_dt,
        )
        read = _read(facts, said, overlay)
    if item.status == "Suppressed":
        mute(read.result, _MUTED)
    return read


class _Label(msgspec.Struct, gc=False):
    Label: Optional[str] = None


class _Compliance(msgspec.Struct, gc=False):
    Status: str


class _AsffResource(msgspec.Struct, gc=False):
    Id: str
    Type: Optional[str] = None
    Region: Optional[str] = None
    Tags: Any = None


class Asff(msgspec.Struct, gc=False):
    """A finding of Security Hub, as far as it is looked at.

    Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
    """

    GeneratorId: str
    AwsAccountId: str
    Compliance: _Compliance
    Resources: list[_AsffResource]
    Title: Optional[str] = None
    Description: Optional[str] = None
    Severity: Optional[_Label] = None
    UpdatedAt: Optional[str] = None


def read_asff(item: Asff, said: Said, overlay: Overlay) -> Read:
    """The result in a finding of Prowler's in the format of Security Hub. Raises ``ValueError``."""
    if not item.GeneratorId.startswith(_GENERATOR) or not item.Resources:
        raise ValueError(f"generator {item.GeneratorId!r} is not Prowler")
    source = item.Resources[0]
    status = _of(_ASFF_STATUS, item.Compliance.Status, "Compliance.Status")
    tags = source.Tags if isinstance(source.Tags, dict) else {}
    facts = _Facts(
        check=item.GeneratorId.removeprefix(_GENERATOR),
        status=status,
        severity=item.Severity.Label if item.Severity else None,
        title=item.Title,
        message=item.Description,
        arn=source.Id,
        name=None,
        type=source.Type,
        account=item.AwsAccountId,
        region=source.Region,
        tags={str(key): str(value) for key, value in tags.items()},
        time=item.UpdatedAt,
    )
    read = _read(facts, said, overlay)
    if status is Status.MUTED:
        mute(read.result, _MUTED)
    return read


def read_row(row: Mapping[str, str], said: Said, overlay: Overlay) -> Read:
    """The result in a row of Prowler's CSV. Raises ``ValueError``."""
    tags = dict(tag.partition("=")[::2] for tag in row.get("RESOURCE_TAGS", "").split(" | ") if tag)
    facts = _Facts(
        check=row["CHECK_ID"],
        status=_of(_STATUS, row["STATUS"], "STATUS"),
        severity=row.get("SEVERITY"),
        title=row.get("CHECK_TITLE"),
        message=row.get("STATUS_EXTENDED"),
        arn=row["RESOURCE_UID"],
        name=row.get("RESOURCE_NAME"),
        type=row.get("RESOURCE_TYPE"),
        account=row.get("ACCOUNT_UID"),
        region=row.get("REGION"),
        tags=tags,
        time=row.get("TIMESTAMP"),
    )
    read = _read(facts, said, overlay)
    if row.get("MUTED") == "True":
        mute(read.result, _MUTED)
    return read


class _Facts(NamedTuple):
    """What all of Prowler's forms say, in one form's words or another's."""

    check: str
    status: Status
    severity: str | None
    title: str | None
    message: str | None
    arn: str | None
    name: str | None
    type: str | None
    account: str | None
    region: str | None
    tags: dict[str, str]
    time: str | None


def _read(facts: _Facts, said: Said, overlay: Overlay) -> Read:
    """A result of a check of Prowler's own, or of the pack's where its finding is not inside."""
    entry = load_catalog().by_prowler(facts.check)
    check, arn = entry.id if entry else facts.check, facts.arn or ""
    kind, name_in_arn = kind_and_name(arn)
    label = facts.name or name_in_arn or arn or facts.account or ""
    result = Result(
        tool="rolecall" if entry else "prowler",
        check=check,
        rule=check,
        status=facts.status.value,
        severity=severity_of(facts.severity),
        framework=LIVE,
        label=label,
        message=facts.message or facts.title or facts.check,
        title=facts.title or facts.check,
        type=facts.type or "",
        address=arn or label,
        name=label,
        arn=arn,
        account=facts.account or "",
        region=facts.region or "",
        function=label if kind == FUNCTION else "",
        time=facts.time or "",
    )
    settle(result, said, overlay)
    own = unqualified(arn)
    return Read(
        result,
        Identity(
            arn=own if own.startswith("arn:") else "",
            kind=kind,
            name=name_in_arn,
            account=result.account,
            region=result.region,
            address=result.address,
            **tag_facts(facts.tags),
        ),
    )


def _labels(labels: Any) -> dict[str, str]:
    """Tags as Prowler writes them: ``key:value``. CloudFormation's keys have colons themselves."""
    if not isinstance(labels, list) or not labels:
        return {}
    tags = {}
    for label in labels:
        if isinstance(label, str):
            for key in ORIGIN_TAGS:
                if label.startswith(f"{key}:"):
                    tags[key] = label[len(key) + 1 :]
    return tags


def _of(known: Mapping[str, Status], said: str, field: str) -> Status:
    status = known.get(said)
    if status is None:
        raise ValueError(f"{field} {said!r} is not one of {', '.join(known)}")
    return status
