"""The files of ``mappings/`` as records, strictly: what is unknown, missing or contradicts itself is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rolecall.catalog import SURFACES, Entry, RemediationTexts
from rolecall.crosswalk import RELATIONS, Control, ControlRemediation
from rolecall.findings import SEVERITIES
from rolecall.records import read_record, require

FORMS = ("cli", "terraform", "cloudformation")
LONGEST = 400  # Prowler takes no longer description or risk
_LINK = re.compile(r"https://docs\.aws\.amazon\.com/[!-~]+")
_WRITTEN = {
    "checkov": r"CKV2?_AWS_[0-9]+",
    "prowler": r"[a-z0-9]+_[a-z0-9_]+",
    "security_hub": r"[A-Za-z0-9]+\.[0-9]+",
    "config": r"[a-z0-9]+(-[a-z0-9]+)+",
    "cis": r"[0-9]+(\.[0-9]+)+",
    "cwe": r"CWE-[0-9]+",
    "trivy": r"AWS-[0-9]{4}",
}


@dataclass(frozen=True)
class Service:
    """The controls of one file. service: AWS's name for it."""

    service: str
    controls: tuple[Control, ...]


def read_rules(mappings: Path) -> Mapping[str, Entry]:
    """Every rule's mapping by ID. Raises ``CatalogError``."""
    return {entry.id: entry for entry in map(read_rule, sorted(mappings.glob("rules/RC*.yaml")))}


def read_rule(path: Path) -> Entry:
    """Read one rule's mapping. Raises ``CatalogError`` for anything but exactly the fields of ``Entry``."""
    entry: Entry = read_record(Entry, path)
    place = path.name
    require(entry.id == path.stem, place, "id", f"{entry.id!r} must be the file's name, {path.stem!r}")
    require(re.fullmatch(r"RC[0-9]{3}", entry.id) is not None, place, "id", "must be RC and three digits")
    require(set(entry.surfaces) <= set(SURFACES), place, "surfaces", f"must be among {', '.join(SURFACES)}")
    _require_texts(entry, place)
    for related in entry.related:
        require(related.relation in RELATIONS, place, "related.relation", f"must be one of {', '.join(RELATIONS)}")
    return entry


def read_remedies(mappings: Path) -> Mapping[str, RemediationTexts]:
    """The remediations that several rules share, by name. Raises ``CatalogError``."""
    return {path.stem: read_record(RemediationTexts, path) for path in sorted(mappings.glob("remedies/*.yaml"))}


def read_services(mappings: Path) -> Mapping[str, Service]:
    """The crosswalk by file name, without what holds between files (``require_whole``). Raises ``CatalogError``."""
    return {path.stem: read_service(path) for path in sorted(mappings.glob("crosswalk/*.yaml"))}


def read_service(path: Path) -> Service:
    """Read one file of the crosswalk. Raises ``CatalogError`` for what does not fit, or contradicts itself."""
    service: Service = read_record(Service, path)
    for control in service.controls:
        _validate(control, f"{path.name}: {control.id}")
    return service


def require_whole(controls: Iterable[Control]) -> None:
    """What holds between controls: every check is under one, and related or said to have no counterpart.

    Raises ``CatalogError``.
    """
    controls = tuple(controls)
    placed: dict[str, str] = {}
    names: set[str] = set()
    for control in controls:
        require(control.id not in names, control.id, "id", "two controls have it")
        names.add(control.id)
        for check in control.checks:
            require(check not in placed, control.id, check, f"is under {placed.get(check)} too")
            placed[check] = control.id
    related: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for control in controls:
        for relation in control.relations:
            pair = (relation.checkov, relation.prowler)
            require(pair not in pairs, control.id, "relations", f"{' and '.join(pair)} are related elsewhere too")
            pairs.add(pair)
            related.update(pair)
            for check in pair:
                require(check in placed, control.id, "relations", f"{check} is under no control")
    either = "must have a relation, or its control says in no_counterpart why there is none"
    for control in controls:
        for check in control.checks:
            require((check in related) != bool(control.no_counterpart), control.id, check, either)


def _validate(control: Control, place: str) -> None:
    named = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", control.id)
    require(named is not None, place, "id", "must be words in lower case with hyphens between them")
    _require_texts(control, place)
    require(bool(control.checks), place, "checkov, prowler", "a control has at least one check")
    for key, pattern in _WRITTEN.items():
        for value in getattr(control, key):
            require(re.fullmatch(pattern, value) is not None, place, key, f"{value!r} is not written as {pattern}")
    for check in control.remarks:
        require(check in control.checks, place, "remarks", f"{check} is not one of this control's checks")
    for relation in control.relations:
        here = {relation.checkov, relation.prowler} & set(control.checks)
        require(bool(here), place, "relations", f"{relation.checkov} and {relation.prowler} are both elsewhere")
        require(relation.relation in RELATIONS, place, "relation", f"must be one of {', '.join(RELATIONS)}")
        require(bool(relation.difference), place, "difference", "says how the two differ, or what both look at")
    _validate_remediation(control.remediation, place)


def _validate_remediation(remediation: ControlRemediation, place: str) -> None:
    require(bool(remediation.text), place, "remediation.text", "must not be empty")
    require(_LINK.fullmatch(remediation.link) is not None, place, "remediation.link", "a page of docs.aws.amazon.com")
    for form in remediation.without:
        require(form in FORMS, place, "remediation.without", f"must be among {', '.join(FORMS)}")
    either = "either is there, or `without` says why there is none"
    for form in FORMS:
        there = bool(getattr(remediation, form))
        require(there != bool(remediation.without.get(form)), place, f"remediation.{form}", either)


def _require_texts(record: Entry | Control, place: str) -> None:
    require(record.severity in SEVERITIES, place, "severity", f"must be one of {', '.join(SEVERITIES)}")
    for key in ("description", "risk"):
        allowed = f"must not exceed {LONGEST} characters (Prowler's limit)"
        require(0 < len(getattr(record, key)) <= LONGEST, place, key, allowed)
