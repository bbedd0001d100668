"""The overlay's file: read strictly, its names looked up; a mistake is told with file, line and what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rolecall.findings import SEVERITIES
from rolecall.model.inventory import Settings
from rolecall.overlay import Adjustment, Overlay, Waiver
from rolecall.pattern import Pattern
from rolecall.records import Keys, Source

_LONGEST = 400
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_NOTHING = Adjustment()


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
