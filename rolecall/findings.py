"""Verdicts, findings, and the trace: how a result is said and handed on.

The trace is JSON Lines, one finding a line (``docs/trace.md``). It is what ``rolecall checkov``, ``rolecall prowler``
and ``rolecall live`` hand to ``rolecall report``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Optional

from rolecall.model import Location, Resource
from rolecall.unknown import Text, Unknown

TRACE_SCHEMA = "rolecall/trace/1"


class Status(str, Enum):
    """What a rule said of a subject. ERROR: the rule itself broke; that is never a statement about the subject."""

    PASS = "PASS"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    ERROR = "ERROR"
    MUTED = "MUTED"


GRAVEST_FIRST = (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.MUTED, Status.PASS)
SEVERITIES = ("critical", "high", "medium", "low", "informational")


def at_or_above(severity: str) -> tuple[str, ...]:
    """The severities that are at least as grave."""
    return SEVERITIES[: SEVERITIES.index(severity) + 1]


_NO_FACTS: Mapping[str, Text] = {}


class Verdict(NamedTuple):
    """A rule's answer for one subject.

    message: one sentence that names the resource and the fault, or why it is healthy, or what is missing.
    evidence: short facts that led there: the statement, the condition, the call that was denied.
    facts: values by placeholder name for the remediation of the rule's catalogue entry.
    applies: whether the rule has anything to say of the subject; where not, code gets no finding, an account a PASS.
    remedies: which shared remediations apply (``mappings/remedies``); empty: the rule's own.
    """

    status: Status
    message: str
    evidence: tuple[str, ...] = ()
    facts: Mapping[str, Text] = _NO_FACTS
    applies: bool = True
    remedies: tuple[str, ...] = ()


def passed(message: str, *evidence: str) -> Verdict:
    return Verdict(Status.PASS, _sentence(message), tuple(filter(None, evidence)))


def failed(message: str, *evidence: str, **facts: Text) -> Verdict:
    return Verdict(Status.FAIL, _sentence(message), tuple(filter(None, evidence)), facts)


def unknown(message: str, *evidence: str) -> Verdict:
    return Verdict(Status.UNKNOWN, _sentence(message), tuple(filter(None, evidence)))


def not_applicable(message: str) -> Verdict:
    """The rule does not apply to the subject; message: why."""
    return Verdict(Status.PASS, _sentence(message), applies=False)


def _sentence(message: str) -> str:
    """A message may begin with what a resource was made for: "the sns event of orders"."""
    return f"T{message[1:]}" if message.startswith("the ") else message


@dataclass(frozen=True)
class Remediation:
    """How to put it right, filled with the resource's own names. Empty where a form does not apply.

    serverless: in the terms of ``serverless.yml``, where it has any for it.
    """

    text: str = ""
    cli: str = ""
    terraform: str = ""
    cloudformation: str = ""
    serverless: str = ""

    def code(self, framework: str) -> str:
        """The form for whoever reads a finding of a framework."""
        if framework == "live":
            return self.cli
        if framework.startswith("terraform"):
            return self.terraform
        if framework == "serverless" and self.serverless:
            return self.serverless
        lines = self.cloudformation.splitlines() if framework == "serverless" else []
        return "\n".join(["# under resources.Resources:", *lines]) if lines else self.cloudformation


class Finding(NamedTuple):
    """One verdict of one rule on one resource. ``function``: name of the Lambda function concerned, where known."""

    rule: str
    status: Status
    severity: str
    title: str
    resource: Resource
    function: str
    message: str
    evidence: tuple[str, ...]
    remediation: Remediation


def muted(finding: Finding, why: str) -> Finding:
    """The finding as the code's author has accepted it: a fault, or what cannot be known, counts as MUTED."""
    if finding.status not in (Status.FAIL, Status.UNKNOWN):
        return finding
    return finding._replace(status=Status.MUTED, evidence=(f"skipped: {why}", *finding.evidence))


# The tags that say what made a resource: CloudFormation its stack and logical ID, Yor the block of code.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html,
# https://github.com/bridgecrewio/yor
ORIGIN_TAGS = ("aws:cloudformation:stack-name", "aws:cloudformation:logical-id", "yor_trace")


def to_record(finding: Finding, tags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The finding as a JSON object of the trace (schema ``rolecall/trace/1``); unknown values are ``null``.

    tags: those of the resource, where they are known.
    """
    return {
        "schema": TRACE_SCHEMA,
        "rule": finding.rule,
        "status": finding.status.value,
        "severity": finding.severity,
        "title": finding.title,
        "framework": finding.resource.framework,
        "resource": resource_record(finding.resource, tags),
        "function": finding.function or None,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "remediation": {key: value for key, value in vars(finding.remediation).items() if value},
    }


def resource_record(resource: Resource, tags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A resource as the trace has it. tags: where they are known; those that say what made it are told."""
    place = resource.location
    return {
        "type": resource.type,
        "address": resource.address,
        "name": or_none(resource.name),
        "arn": or_none(resource.arn),
        "account": or_none(resource.account),
        "region": or_none(resource.region),
        "file": place.file if place else None,
        "lines": [place.first_line, place.last_line] if place else None,
        **({} if tags is None else {"tags": {key: tags[key] for key in ORIGIN_TAGS if key in tags}}),
    }


def from_record(record: Mapping[str, Any]) -> Finding:
    """The inverse of ``to_record``; raises ``ValueError`` naming what is wrong with the record."""
    if not isinstance(record, Mapping) or record.get("schema") != TRACE_SCHEMA:
        if not isinstance(record, Mapping):
            raise ValueError("not a JSON object")
        raise ValueError(f"schema is {record.get('schema')!r}, expected {TRACE_SCHEMA!r}")
    try:
        source = record["resource"]
        lines, file = source.get("lines"), source.get("file")
        return Finding(
            rule=str(record["rule"]),
            status=Status(record["status"]),
            severity=_one_of(SEVERITIES, record["severity"]),
            title=str(record["title"]),
            resource=Resource(
                framework=str(record["framework"]),
                type=str(source["type"]),
                address=str(source["address"]),
                key=str(source["address"]),
                name=_or_unknown(source, "name"),
                arn=_or_unknown(source, "arn"),
                account=_or_unknown(source, "account"),
                region=_or_unknown(source, "region"),
                location=Location(str(file), int(lines[0]), int(lines[1])) if file and lines else None,
            ),
            function=str(record.get("function") or ""),
            message=str(record["message"]),
            evidence=tuple(str(fact) for fact in _list(record.get("evidence", []))),
            remediation=Remediation(**{str(k): str(v) for k, v in record.get("remediation", {}).items()}),
        )
    except KeyError as missing:
        raise ValueError(f"field {missing} is missing") from None
    except (TypeError, AttributeError, IndexError, OverflowError) as fault:
        raise ValueError(f"a field has the wrong form: {fault}") from None


def _one_of(allowed: tuple[str, ...], value: object) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")
    return str(value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("evidence must be a list")
    return value


def or_none(value: Text | None) -> Optional[str]:
    """A text as the trace has it."""
    return value if isinstance(value, str) else None


def _or_unknown(source: Mapping[str, Any], key: str) -> Text:
    value = source.get(key)
    return Unknown(f"the trace does not say the {key}") if value is None else str(value)
