"""How findings are told: to Checkov, as its records want it, and to the trace."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from functools import cache
from typing import Any

from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckResult
from checkov.common.output.sarif import Sarif

from rolecall import trace
from rolecall.catalog import Entry
from rolecall.findings import Finding, Remediation, Status
from rolecall.model import Location, Resource
from rolecall.overlay import team
from rolecall.printable import printable
from rolecall.unknown import Unknown

RESULTS = {Status.PASS: CheckResult.PASSED, Status.FAIL: CheckResult.FAILED}
_SEVERITIES = {"informational": "INFO"}


def record(finding: Finding) -> None:
    """Append to the trace; a trace that cannot be written was said once, and must not cost Checkov its record."""
    with contextlib.suppress(OSError):
        trace.append([team().settled(finding)])


def say_unread(files: Collection[str], why: str) -> None:
    with contextlib.suppress(OSError):
        for file in sorted(files):
            trace.event("unread", host="checkov", what=f"{file}: {why}")


def severity(entry: Entry) -> Any:
    return severity_named(entry.severity)


def severity_named(name: str) -> Any:
    """Checkov's own value for a severity."""
    return Severities[_SEVERITIES.get(name, name.upper())]


def details(finding: Finding) -> list[str]:
    """What Checkov prints below a record, line by line."""
    if _details_break_sarif():
        return []
    remedy = finding.remediation
    lines = [finding.message, remedy.text, *remedy.terraform.splitlines()]
    return [printable(line) for line in lines if line]


def by_rolecall() -> bool:
    """Whether ``rolecall checkov`` started this Checkov."""
    return bool(getattr(Sarif, "takes_details", False))


@cache
def _details_break_sarif() -> bool:
    """Whether SARIF is wanted and Checkov writes it itself: it makes of details what the standard does not allow."""
    wanted = getattr(integration_feature_registry.config, "output", None) or ()
    return "sarif" in wanted and not by_rolecall()


def breakdown(doing: str, fault: Exception) -> Finding:
    """The finding of status ERROR for a fault of Rolecall itself."""
    place, nowhere = os.getcwd(), Unknown("Rolecall broke")
    return Finding(
        rule="RC000",
        status=Status.ERROR,
        severity="high",
        title="Rolecall broke",
        resource=Resource("checkov", "graph", place, nowhere, nowhere, nowhere, nowhere, Location(place, 1, 1)),
        function="",
        message=f"Rolecall broke while {doing} in {place}: {fault!r}.",
        evidence=(),
        remediation=Remediation(text="Please report this; the other tools' results are not affected."),
    )
