"""What the readers share: the result as far as the tool says it, and what the crosswalk and the team's overlay add."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from rolecall.catalog import load_catalog
from rolecall.crosswalk import load_crosswalk
from rolecall.findings import SEVERITIES, Status
from rolecall.overlay import Overlay, team
from rolecall.report.result import Identity, Result, Waived

_MUTABLE = (Status.FAIL.value, Status.UNKNOWN.value, Status.MUTED.value)
UNGRADED = "medium"
"""The severity of a failing check that neither its tool nor the crosswalk nor the team gives one."""
_SEVERITY = {"info": "informational", "information": "informational", "moderate": "medium", "error": "high",
             "warning": "medium", "note": "low"}  # fmt: skip


class Read(NamedTuple):
    """A result with the identity of what it is about."""

    result: Result
    identity: Identity


@dataclass
class Said:
    """What reading brought to light beside results.

    faults: what is wrong with the input, each with the number of the item. unread: what the tool that wrote it could
    not read. counts: results of the pack, and of all else by tool. ungraded: checks without a severity. wirings: lines
    of a trace that say what is wired to a function.
    """

    faults: list[tuple[int, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    ungraded: set[str] = field(default_factory=set)
    wirings: list[object] = field(default_factory=list)


class Known(NamedTuple):
    """What the crosswalk or the catalogue says of a check."""

    rule: str
    title: str
    severity: str


@cache
def known(check: str) -> Known | None:
    """The rule or control that a check belongs to, whatever tool's it is; ``None`` for one that nobody knows."""
    entry = load_catalog().named(check)
    if entry:
        return Known(entry.id, entry.title, entry.severity)
    crosswalk = load_crosswalk()
    control = crosswalk.of_check(crosswalk.former.get(check, check))
    if control is None:
        return None
    adjusted = team().adjustment(crosswalk.former.get(check, check))
    return Known(control.id, control.title, adjusted.severity or control.severity)


def severity_of(said: object) -> str:
    """A tool's word for a severity in ours; empty for none."""
    word = said.lower() if isinstance(said, str) else ""
    word = _SEVERITY.get(word, word)
    return word if word in SEVERITIES else ""


def settle(result: Result, said: Said, overlay: Overlay) -> None:
    """Complete a result of a check: its rule, title and severity where they are known, and what the team says of it.

    Of our own rules the scanner had the severity from the catalogue of its day: only the team knows better.
    """
    facts, said_severity = known(result.check), result.severity
    if facts is not None:
        result.rule, result.title, result.severity = facts
        if facts.rule in load_catalog():
            result.severity = overlay.adjustment(facts.rule).severity or said_severity or facts.severity
    if not result.severity:
        result.severity = UNGRADED
        if result.status in _MUTABLE:
            said.ungraded.add(result.check)
    waive(result, target(result), overlay)


def target(result: Result) -> str:
    """What the team's overlay calls it: a rule by its ID, a check by its name."""
    if result.rule in load_catalog():
        return result.rule
    return load_crosswalk().former.get(result.check, result.check)


def waive(result: Result, name: str, overlay: Overlay) -> None:
    """Mute what the team has accepted; where that is over, say so."""
    if not overlay.waivers or result.status not in _MUTABLE:
        return
    file = result.lines.file if result.lines else ""
    names = (result.address, result.name, result.arn, result.function, file)
    waiver = overlay.waiver(name, *names)
    if waiver:
        result.status = Status.MUTED.value
        result.waived = Waived(waiver.reason, waiver.owner, waiver.expires.isoformat())
    elif result.status != Status.MUTED.value:
        result.evidence = (*result.evidence, *overlay.lapsed(name, *names))


def mute(result: Result, why: str) -> None:
    """Mute what its scanner was told to pass over. What passes needs no muting, and what broke cannot be muted."""
    if result.status in _MUTABLE:
        result.status = Status.MUTED.value
        result.waived = result.waived or Waived(why)


@cache
def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def day_of(time: str) -> str:
    """The day of an ISO 8601 time; empty where it is none."""
    return _day(time[:10])
