"""The overlay, ``rolecall.yaml``: what a team changes about rules and checks, and what it has accepted.

It is the file that the environment variable ROLECALL_CONFIG names, else ``rolecall.yaml`` in the working directory.
``docs/overlay.md`` describes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timezone
from functools import cache, cached_property
from pathlib import Path
from typing import Optional

from rolecall.findings import Finding, Status
from rolecall.model.inventory import Settings
from rolecall.pattern import Pattern

_SETTINGS = Settings()
VARIABLE = "ROLECALL_CONFIG"
NAME = "rolecall.yaml"


@dataclass(frozen=True)
class TeamRemediation:
    """text: in place of ours. add: after it (a link to the runbook). link: in place of the page that we name first."""

    text: str = ""
    add: str = ""
    link: str = ""


@dataclass(frozen=True)
class Adjustment:
    """What a team changes about a rule, a control or a check; the keys of the file are these fields.

    enabled: whether it runs where nobody names it. ids, controls: what the team calls it, and which of its own controls
    it serves.
    """

    severity: str = ""
    enabled: Optional[bool] = None
    remediation: TeamRemediation = TeamRemediation()
    ids: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()

    def words(self, said: str) -> str:
        """A remediation's text as the team has it, where there is one; what it said already is not said again."""
        team = self.remediation
        if said and team.text and "<<" not in team.text and not said.startswith(team.text):
            said = team.text
        return f"{said} {team.add}" if said and not said.endswith(team.add) else said

    def over(self, other: Adjustment) -> Adjustment:
        """This one, and the other where this one says nothing."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        remedy = {key: value for key, value in vars(self.remediation).items() if value}
        said = {key: value for key, value in said.items() if value not in ("", None, ())}
        return replace(other, **{**said, "remediation": replace(other.remediation, **remedy)})


@dataclass(frozen=True)
class Waiver:
    """Findings that a team accepts, to the day ``expires``.

    rule: any name of a rule, a control or a check. resource: a pattern, see ``rolecall.pattern``.
    """

    rule: str
    resource: str
    reason: str
    owner: str
    expires: date

    @cached_property
    def pattern(self) -> Pattern:
        return Pattern(self.resource)

    def fits(self, *names: object) -> bool:
        """Whether it is for a resource with these names."""
        return any(isinstance(name, str) and self.pattern.fits(name) for name in names)

    def expired(self, day: date) -> bool:
        return day > self.expires

    def __str__(self) -> str:
        return f"waived until {self.expires} by {self.owner}: {self.reason}"


@dataclass(frozen=True, eq=False)
class Overlay:
    """The team's file, read.

    adjustments: by the ID of a rule of ours or the name of a host's check. waivers: each with what it is for, by the
    same names, and the line it stands in. path: ``None`` where there is no file, and nothing is changed.
    """

    path: Path | None = None
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    settings: Settings = _SETTINGS
    strict: bool = False
    waivers: tuple[tuple[Waiver, frozenset[str], int], ...] = ()

    def adjustment(self, name: str) -> Adjustment:
        return self.adjustments.get(name, _NOTHING)

    def settled(self, finding: Finding) -> Finding:
        """The finding as the team sees it: its severity and remediation, and MUTED where a waiver holds.

        Its evidence names waivers that have expired. A finding that the team's catalogue made is only muted by it.
        """
        if self.path is None:
            return finding
        finding = _adjusted(finding, self.adjustment(finding.rule))
        if not self.waivers or finding.status not in (Status.FAIL, Status.UNKNOWN):
            return finding
        resource = finding.resource
        file = resource.location.file if resource.location else ""
        names = (resource.address, resource.name, resource.arn, finding.function, file)
        why = self.waived(finding.rule, *names)
        if why:
            return finding._replace(status=Status.MUTED, evidence=(why, *finding.evidence))
        return finding._replace(evidence=(*finding.evidence, *self.lapsed(finding.rule, *names)))

    def waived(self, rule: str, *names: object) -> str:
        """Why a rule's or a check's finding on a resource with these names is accepted; empty: it is not."""
        return str(self.waiver(rule, *names) or "")

    def waiver(self, rule: str, *names: object) -> Waiver | None:
        """The waiver that accepts a rule's or a check's finding on a resource with these names."""
        for waiver, targets, _ in self.waivers:
            if rule in targets and not waiver.expired(today()) and waiver.fits(*names):
                return waiver
        return None

    def lapsed(self, rule: str, *names: object) -> Iterator[str]:
        """A line for each waiver that accepted such a finding and has expired."""
        for waiver, targets, _ in self.waivers:
            if rule in targets and waiver.expired(today()) and waiver.fits(*names):
                yield f"a waiver of {waiver.owner} expired on {waiver.expires}: {waiver.reason}"

    def holding(self) -> Iterator[tuple[Waiver, frozenset[str], int]]:
        """The waivers that have not expired."""
        return (held for held in self.waivers if not held[0].expired(today()))

    def expired(self) -> Iterator[str]:
        """A line for each waiver that does not count any more."""
        for waiver, _, line in self.waivers:
            if waiver.expired(today()):
                what = f"the waiver of {waiver.rule} for {waiver.resource} ({waiver.owner})"
                yield f"{self.path}:{line}: {what} expired on {waiver.expires}"


_NOTHING = Adjustment()


@cache
def team() -> Overlay:
    """The overlay of this run.

    Raises ``RecordError``. A file that ROLECALL_CONFIG names has to be there; where it names nothing, there is none.
    """
    named = os.environ.get(VARIABLE)
    if named == "" or (named is None and not Path(NAME).is_file()):
        return Overlay()
    from rolecall.overlay_file import read_overlay

    return read_overlay(Path(named or NAME))


def disregard() -> Overlay:
    """Take it, from here on, that there is no overlay."""
    os.environ[VARIABLE] = ""
    team.cache_clear()
    return team()


def _adjusted(finding: Finding, adjustment: Adjustment) -> Finding:
    if adjustment is _NOTHING:
        return finding
    finding = finding._replace(severity=adjustment.severity or finding.severity)
    said = adjustment.words(finding.remediation.text)
    return finding._replace(remediation=replace(finding.remediation, text=said))


def today() -> date:
    """Of the team's dates, wherever it works: of UTC."""
    return datetime.now(timezone.utc).date()
