"""The framework ``rolecall`` for Prowler's compliance reports: our rules and Prowler's own checks, by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rolecall.catalog import Catalog
from rolecall.findings import SEVERITIES
from rolecall.records import read_record, require
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
    """Read and validate ``mappings/compliance.yaml``. Raises ``CatalogError``."""
    return read_compliance(folder("mappings") / "compliance.yaml", catalog)


def read_compliance(path: Path, catalog: Catalog) -> Compliance:
    """Read such a file. Raises ``CatalogError``, also for a rule on accounts that is in no section, or in several."""
    compliance: Compliance = read_record(Compliance, path)
    place, sections = path.name, compliance.sections
    require(len(sections) <= _MOST_SECTIONS, place, "sections", f"must be {_MOST_SECTIONS} at most")
    _once((section.name for section in sections), place, "sections")
    for section in sections:
        for beginning in section.rules:
            begins = any(rule.startswith(beginning) for rule in catalog)
            require(begins, place, f"rules of {section.name!r}", f"no rule's ID begins with {beginning!r}")
        for own in section.checks:
            require(own.severity in SEVERITIES, place, own.check, f"severity must be one of {', '.join(SEVERITIES)}")
            require(
                catalog.by_prowler(own.check) is None, place, own.check, "is a rule's, and in its section by its ID"
            )
    placed = [rule for section in sections for rule in _rules(section, catalog)]
    _once(placed, place, "rules")
    _once((own.check for section in sections for own in section.checks), place, "checks")
    left_out = sorted({rule for rule in catalog if _runs(rule, catalog)} - set(placed))
    require(not left_out, place, "rules", f"in no section: {', '.join(left_out)}")
    return compliance


def _once(names: Iterable[str], place: str, key: str) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    require(not repeated, place, key, f"more than once: {', '.join(repeated)}")


def _rules(section: Section, catalog: Catalog) -> Iterator[str]:
    return (rule for rule in catalog if rule.startswith(section.rules) and _runs(rule, catalog))


def _runs(rule: str, catalog: Catalog) -> bool:
    """Whether Prowler runs it where nobody names it."""
    return "live" in catalog[rule].surfaces and catalog[rule].default
