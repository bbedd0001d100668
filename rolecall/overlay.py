"""The overlay, ``rolecall.yaml``: what a team changes about rules and checks, and what it has accepted.

It is the file that the environment variable ROLECALL_CONFIG names, else ``rolecall.yaml`` in the working directory.
``docs/overlay.md`` describes it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timezone
from functools import cache, cached_property
from pathlib import Path
from typing import Optional

from rolecall.findings import SEVERITIES, Finding, Status
from rolecall.model.inventory import Settings
from rolecall.pattern import Pattern
from rolecall.records import Keys, Source

_SETTINGS = Settings()
VARIABLE = "ROLECALL_CONFIG"
NAME = "rolecall.yaml"
_LONGEST = 400
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)


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


@dataclass(frozen=True)
class TeamSettings:
    """What the team sets for the rules; see ``Settings``. strict: rules that are off by default are on."""

    strict: bool = False
    max_functions_per_role: int = Settings.max_functions_per_role
    owner_tags: tuple[str, ...] = Settings.owner_tags
    trusted_accounts: tuple[str, ...] = ()
    trusted_principals: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    version: int
    rules: Mapping[str, Adjustment] = field(default_factory=dict)
    settings: TeamSettings = TeamSettings()
    waivers: tuple[Waiver, ...] = ()


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
        return finding._replace(evidence=(*finding.evidence, *self._lapsed(finding.rule, names)))

    def waived(self, rule: str, *names: object) -> str:
        """Why a rule's or a check's finding on a resource with these names is accepted; empty: it is not."""
        for waiver, targets, _ in self.waivers:
            if rule in targets and not waiver.expired(today()) and waiver.fits(*names):
                return str(waiver)
        return ""

    def _lapsed(self, rule: str, names: tuple[object, ...]) -> Iterator[str]:
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
    return read_overlay(Path(named or NAME))


def disregard() -> Overlay:
    """Take it, from here on, that there is no overlay."""
    os.environ[VARIABLE] = ""
    team.cache_clear()
    return team()


def read_overlay(path: Path) -> Overlay:
    """Read an overlay. Raises ``RecordError``: file, line, key, and what is allowed there."""
    source = Source(path)
    file: _File = source.record(_File)
    source.require(file.version == 1, ("version",), "must be 1")
    for index, waiver in enumerate(file.waivers):
        for key in ("rule", "resource", "reason", "owner"):
            said = 0 < len(getattr(waiver, key).strip()) <= _LONGEST
            source.require(said, ("waivers", index, key), f"must be a text of 1 to {_LONGEST} characters")
    _require_settings(source, file.settings)
    known = _Names()
    adjusted: dict[str, dict[int, Adjustment]] = {}
    for name, adjustment in file.rules.items():
        keys: Keys = ("rules", name)
        _require_adjustment(source, adjustment, keys)
        targets, exactness = known.targets(source, name, keys)
        for target in targets:
            levels = adjusted.setdefault(target, {})
            twice = exactness in levels and exactness != _PATTERN
            source.require(not twice, keys, f"is another name of {target}, which is there already")
            levels[exactness] = adjustment.over(levels.get(exactness, _NOTHING))
    waivers = tuple(
        (waiver, known.targets(source, waiver.rule, ("waivers", index, "rule"))[0], source.line(("waivers", index)))
        for index, waiver in enumerate(file.waivers)
    )
    given = file.settings
    return Overlay(
        path=path,
        adjustments={target: _merged(levels) for target, levels in adjusted.items()},
        settings=Settings(
            given.max_functions_per_role,
            given.owner_tags,
            frozenset(given.trusted_accounts),
            frozenset(given.trusted_principals),
        ),
        strict=given.strict,
        waivers=waivers,
    )


_PATTERN, _CONTROL, _NAMED = range(3)  # what is said more exactly counts


class _Names:
    """What rules, controls and checks can be called by."""

    def __init__(self) -> None:
        from rolecall.catalog import load_shipped
        from rolecall.crosswalk import load_crosswalk

        self._exact: dict[str, str] = {}
        for entry in load_shipped().values():
            self._exact.update(dict.fromkeys((entry.id, entry.checkov_id, entry.prowler.check), entry.id))
        crosswalk = load_crosswalk()
        self._controls: dict[str, tuple[str, ...]] = {control.id: control.checks for control in crosswalk}
        for checks in self._controls.values():
            self._exact.update({check: check for check in checks})
        self._exact.update({old: new for old, new in crosswalk.former.items() if old not in self._exact})

    def targets(self, source: Source, name: str, keys: Keys) -> tuple[frozenset[str], int]:
        """The rules and checks that a name stands for, and how exactly."""
        if name in self._exact:
            return frozenset({self._exact[name]}), _NAMED
        if name in self._controls:
            return frozenset(self._controls[name]), _CONTROL
        pattern = Pattern(name)
        found = frozenset(target for known, target in self._exact.items() if pattern.fits(known))
        source.require(bool(found), keys, f"{name} is no rule, control or check{self._close(name)}")
        return found, _PATTERN

    def _close(self, name: str) -> str:
        close = difflib.get_close_matches(name, [*self._exact, *self._controls], 2, 0.8)
        return f"; did you mean {' or '.join(close)}?" if close else "; see `rolecall map`"


def _adjusted(finding: Finding, adjustment: Adjustment) -> Finding:
    finding = finding._replace(severity=adjustment.severity or finding.severity)
    said, team_says = finding.remediation.text, adjustment.remediation
    if not said:
        return finding
    if team_says.text and "<<" not in team_says.text and not said.startswith(team_says.text):
        said = team_says.text
    if not said.endswith(team_says.add):
        said = f"{said} {team_says.add}"
    return finding._replace(remediation=replace(finding.remediation, text=said))


def _merged(levels: Mapping[int, Adjustment]) -> Adjustment:
    merged = _NOTHING
    for _, adjustment in sorted(levels.items(), key=lambda level: level[0]):
        merged = adjustment.over(merged)
    return merged


def _require_adjustment(source: Source, adjustment: Adjustment, keys: Keys) -> None:
    known = adjustment.severity in ("", *SEVERITIES)
    source.require(known, (*keys, "severity"), f"must be one of {', '.join(SEVERITIES)}")
    link = adjustment.remediation.link
    source.require(not link or link.startswith("https://"), (*keys, "remediation", "link"), "must begin with https://")


def _require_settings(source: Source, settings: TeamSettings) -> None:
    most = settings.max_functions_per_role
    source.require(most >= 1, ("settings", "max_functions_per_role"), "must be 1 or more")
    source.require(bool(settings.owner_tags), ("settings", "owner_tags"), "must name at least one tag")
    _require_each(
        source, "trusted_accounts", settings.trusted_accounts, _ACCOUNT, "must be the 12 digits of an account"
    )
    _require_each(source, "trusted_principals", settings.trusted_principals, re.compile(r"\S+"), "must be an ARN")


def _require_each(source: Source, key: str, values: Collection[str], pattern: re.Pattern[str], allowed: str) -> None:
    for index, value in enumerate(values):
        source.require(pattern.fullmatch(value) is not None, ("settings", key, index), allowed)


def today() -> date:
    """Of the team's dates, wherever it works: of UTC."""
    return datetime.now(timezone.utc).date()
