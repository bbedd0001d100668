"""Results in SARIF 2.1.0: of Checkov, or of any other scanner. They name a place in a file, but no resource.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Optional
from urllib.parse import unquote

import msgspec

from rolecall.catalog import load_catalog
from rolecall.findings import Status
from rolecall.overlay import Overlay
from rolecall.report.readers.base import Read, Said, known, mute, settle, severity_of
from rolecall.report.readers.trace import shown
from rolecall.report.result import Identity, Lines, Result

_FALLS = {"fail": Status.FAIL, "pass": Status.PASS, "open": Status.UNKNOWN, "review": Status.UNKNOWN}
_GRADES = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "informational"))


class _Text(msgspec.Struct, gc=False):
    text: Optional[str] = None


class _Artifact(msgspec.Struct, gc=False):
    uri: Optional[str] = None


class _Region(msgspec.Struct, gc=False):
    startLine: int = 0
    endLine: Optional[int] = None


class _Physical(msgspec.Struct, gc=False):
    artifactLocation: Optional[_Artifact] = None
    region: Optional[_Region] = None


class _Location(msgspec.Struct, gc=False):
    physicalLocation: Optional[_Physical] = None


class _Suppression(msgspec.Struct, gc=False):
    justification: Optional[str] = None
    status: Optional[str] = None


class SarifResult(msgspec.Struct, gc=False):
    """A result, as far as it is looked at."""

    message: _Text
    ruleId: Optional[str] = None
    rule: Any = None
    kind: str = "fail"
    level: Optional[str] = None
    locations: Optional[list[_Location]] = None
    suppressions: Optional[list[_Suppression]] = None


class _Rule(msgspec.Struct):
    id: str
    name: Optional[str] = None
    shortDescription: Optional[_Text] = None
    properties: Any = None


class _Driver(msgspec.Struct):
    name: str
    rules: Optional[list[_Rule]] = None


class _Tool(msgspec.Struct):
    driver: _Driver


class Scanner:
    """The tool of a run: its name, and its rules by ID."""

    def __init__(self, tool: Any) -> None:
        """tool: ``runs[].tool``. Raises ``msgspec.ValidationError``."""
        driver = msgspec.convert(tool, _Tool).driver
        self.name = driver.name.lower()
        self._rules = {rule.id: rule for rule in driver.rules or ()}

    def title(self, rule: str) -> str:
        found = self._rules.get(rule)
        short = found.shortDescription.text if found and found.shortDescription else None
        return short or (found.name if found else None) or rule

    def severity(self, rule: str, level: str | None) -> str:
        """By the score that many tools give, else by the level; Checkov's level says nothing."""
        found = self._rules.get(rule)
        score = found.properties.get("security-severity") if found and isinstance(found.properties, dict) else None
        if score is None:
            return "" if self.name == "checkov" else severity_of(level)
        value = float(score)
        return next(name for least, name in _GRADES if value >= least or least == 0)


@lru_cache(maxsize=64)
def _scanner(tool: bytes) -> Scanner:
    return Scanner(msgspec.json.decode(tool))


def scanner_of(beside: Mapping[str, Any]) -> Scanner:
    """The tool of the run that results stand in; without a name where it stands after them."""
    return _scanner(msgspec.json.encode(beside.get("tool") or {"driver": {"name": "sarif"}}))


def read_result(item: SarifResult, scanner: Scanner, said: Said, overlay: Overlay) -> Read | None:
    """The result; ``None`` for one that finds nothing (informational, not applicable). Raises ``ValueError``."""
    status = _FALLS.get(item.kind)
    if status is None:
        return None
    check = item.ruleId or (item.rule.get("id") if isinstance(item.rule, dict) else None)
    if not isinstance(check, str) or not check:
        raise ValueError("a result without ruleId")
    facts = known(check)
    ours = facts is not None and facts.rule in load_catalog()
    title = scanner.title(check)
    lines = _lines(item)
    result = Result(
        tool="rolecall" if ours else scanner.name,
        check=facts.rule if ours and facts else check,
        rule=check,
        status=status.value,
        severity=scanner.severity(check, item.level),
        framework="sarif",
        label=str(lines or ""),
        message=item.message.text or title,
        title=title,
        lines=lines,
    )
    settle(result, said, overlay)
    accepted = [one for one in item.suppressions or () if one.status in (None, "accepted")]
    if accepted:
        mute(result, f"suppressed in {scanner.name}: {accepted[0].justification or 'no reason given'}")
    return Read(result, Identity())


def _lines(item: SarifResult) -> Lines | None:
    physical = item.locations[0].physicalLocation if item.locations else None
    uri = physical.artifactLocation.uri if physical and physical.artifactLocation else None
    if not uri or physical is None:
        return None
    region = physical.region or _Region()
    return Lines(shown(unquote(uri.removeprefix("file://"))), region.startLine, region.endLine or region.startLine)
