"""A result: what one tool said of one resource, in the report's terms whichever tool it was."""

from __future__ import annotations

from typing import Any

import msgspec

from rolecall.findings import Remediation

LIVE = "live"


class Waived(msgspec.Struct, omit_defaults=True, gc=False):
    """Why a result is muted. owner and expires (ISO date): of a waiver; empty where the scanner was told to skip it."""

    reason: str
    owner: str = ""
    expires: str = ""


class Lines(msgspec.Struct, gc=False):
    """A place in code; lines count from 1, and are 0 where only the file is known."""

    file: str
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        if not self.first:
            return self.file
        return f"{self.file}:{self.first}-{self.last}" if self.last > self.first else f"{self.file}:{self.first}"


class Identity(msgspec.Struct, omit_defaults=True, gc=False):
    """What is known of the resource that a result is about, as far as it can tell it from others; empty: not known.

    arn: without a function's qualifier. kind: the service and type of its ARN (``lambda:function``), name: the name
    that such an ARN has. address: in code, Terraform's or CloudFormation's, with ``scope``: the file or folder that it
    is unique in. stack, logical_id: of the CloudFormation stack that made it. yor_trace: the tag that Yor gives a block
    of code and all that is made of it.
    """

    arn: str = ""
    kind: str = ""
    name: str = ""
    account: str = ""
    region: str = ""
    address: str = ""
    stack: str = ""
    logical_id: str = ""
    yor_trace: str = ""


class Result(msgspec.Struct, omit_defaults=True, gc=False, kw_only=True):
    """One tool's result on one resource.

    tool: ``rolecall``, ``checkov``, ``prowler``, or the name of another tool in lower case. check: the tool's name for
    what it looked at. rule: the rule or the control of the crosswalk that it is a result of, else the check.
    framework: ``live`` in an account. label: the resource for a reader. message: one sentence; the title where the tool
    says no more. time: when the tool looked, ISO 8601; empty where it does not say.
    remediation: by form, where it is made for this resource; else that of the rule counts.
    """

    tool: str
    check: str
    rule: str
    status: str
    severity: str
    framework: str
    label: str
    message: str
    title: str = ""
    type: str = ""
    address: str = ""
    name: str = ""
    arn: str = ""
    account: str = ""
    region: str = ""
    lines: Lines | None = None
    function: str = ""
    evidence: tuple[str, ...] = ()
    remediation: dict[str, str] = {}
    waived: Waived | None = None
    time: str = ""

    @property
    def live(self) -> bool:
        return self.framework == LIVE

    @property
    def place(self) -> str:
        """Where it is, for a reader: ``main.tf:3-9``, or account and region."""
        return str(self.lines) if self.lines else " ".join(filter(None, (self.account, self.region)))

    def fix(self) -> Remediation:
        """The remediation made for this resource; empty where there is none."""
        return Remediation(**self.remediation)


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Result).decode


def strings_of(value: Any) -> list[str]:
    """Texts of a list that may hold anything."""
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []
