"""The framework ``rolecall`` for Prowler's compliance reports: our rules and Prowler's own checks, by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rolecall.catalog import Catalog
from rolecall.findings import SEVERITIES
from rolecall.records import Keys, Source
from rolecall.shipped import folder

_MOST_SECTIONS = 9  # Prowler sorts them as texts: one digit each


@dataclass(frozen=True)
class ProwlerCheck:
    """A check of Prowler's own. check: its name. name, description: a line each, in our words."""

    check: str
    name: str
    description: str
    severity: str


@dataclass(frozen=True)
class Section:
    """rules: how the IDs of our rules in it begin. checks: Prowler's own in it."""

    name: str
    description: str
    rules: tuple[str, ...] = ()
    checks: tuple[ProwlerCheck, ...] = ()


@dataclass(frozen=True)
class Compliance:
    """``mappings/compliance.yaml``; the file's keys are these fields."""

    framework: str
    name: str
    description: str
    sections: tuple[Section, ...]

    @property
    def titles(self) -> dict[Section, str]:
        """What sections are called in a report, numbered: Prowler sorts by it."""
        return {section: f"{number} {section.name}" for number, section in enumerate(self.sections, start=1)}


@dataclass(frozen=True)
class Requirement:
    """One requirement of the framework, met when its check passes. section: its title."""

    id: str
    name: str
    description: str
    section: str
    severity: str
    check: str


def requirements(compliance: Compliance, catalog: Catalog) -> Iterator[Requirement]:
    """All requirements, section by section; those of our rules, each under its ID, before those of Prowler's checks."""
    for section, title in compliance.titles.items():
        for rule in _rules(section, catalog):
            entry = catalog[rule]
            yield Requirement(rule, entry.title, entry.description, title, entry.severity, entry.prowler.check)
        for own in section.checks:
            yield Requirement(own.check, own.name, own.description, title, own.severity, own.check)


def load_compliance(catalog: Catalog) -> Compliance:
    """Read and validate ``mappings/compliance.yaml``. Raises ``RecordError``."""
    return read_compliance(folder("mappings") / "compliance.yaml", catalog)


def read_compliance(path: Path, catalog: Catalog) -> Compliance:
    """Read such a file. Raises ``RecordError``, also for a rule on accounts that is in no section, or in several."""
    source = Source(path)
    compliance: Compliance = source.record(Compliance)
    sections = compliance.sections
    source.require(len(sections) <= _MOST_SECTIONS, ("sections",), f"must be {_MOST_SECTIONS} at most")
    _once(source, (section.name for section in sections), "names")
    for index, section in enumerate(sections):
        for place, beginning in enumerate(section.rules):
            begins = any(rule.startswith(beginning) for rule in catalog)
            source.require(begins, ("sections", index, "rules", place), f"no rule's ID begins with {beginning!r}")
        for place, own in enumerate(section.checks):
            keys: Keys = ("sections", index, "checks", place)
            known = own.severity in SEVERITIES
            source.require(known, (*keys, "severity"), f"must be one of {', '.join(SEVERITIES)}")
            theirs = catalog.by_prowler(own.check) is None
            source.require(theirs, (*keys, "check"), f"{own.check} is a rule's, and in its section by its ID")
    placed = [rule for section in sections for rule in _rules(section, catalog)]
    _once(source, placed, "rules")
    _once(source, (own.check for section in sections for own in section.checks), "checks")
    left_out = sorted({rule for rule in catalog if _runs(rule, catalog)} - set(placed))
    source.require(not left_out, ("sections",), f"rules in no section: {', '.join(left_out)}")
    return compliance


def _once(source: Source, names: Iterable[str], what: str) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    source.require(not repeated, ("sections",), f"{what} more than once: {', '.join(repeated)}")


def _rules(section: Section, catalog: Catalog) -> Iterator[str]:
    return (rule for rule in catalog if rule.startswith(section.rules) and _runs(rule, catalog))


def _runs(rule: str, catalog: Catalog) -> bool:
    """Whether Prowler runs it where nobody names it."""
    return "live" in catalog[rule].surfaces and catalog[rule].default
