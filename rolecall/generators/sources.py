"""The files of ``mappings/`` as records, strictly: what is unknown, missing or contradicts itself is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rolecall.catalog import SURFACES, Entry, RemediationTexts
from rolecall.crosswalk import FORMS, RELATIONS, Control, ControlRemediation
from rolecall.findings import SEVERITIES
from rolecall.records import Keys, Source, read_record

STANDS = ("supersedes", "extends")
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
    "no_code_passes": r"CKV2?_AWS_[0-9]+",
}


@dataclass(frozen=True)
class Service:
    """The controls of one file. service: AWS's name for it."""

    service: str
    controls: tuple[Control, ...]


def read_rules(mappings: Path) -> Mapping[str, Entry]:
    """Every rule's mapping by ID. Raises ``RecordError``."""
    return {entry.id: entry for entry in map(read_rule, sorted(mappings.glob("rules/RC*.yaml")))}


def read_rule(path: Path) -> Entry:
    """Read one rule's mapping. Raises ``RecordError`` for anything but exactly the fields of ``Entry``."""
    source = Source(path)
    entry: Entry = source.record(Entry)
    source.require(entry.id == path.stem, ("id",), f"{entry.id!r} must be the file's name, {path.stem!r}")
    source.require(re.fullmatch(r"RC[0-9]{3}", entry.id) is not None, ("id",), "must be RC and three digits")
    source.require(set(entry.surfaces) <= set(SURFACES), ("surfaces",), f"must be among {', '.join(SURFACES)}")
    _require_texts(source, entry, ())
    for index, related in enumerate(entry.related):
        keys = ("related", index, "relation")
        source.require(related.relation in RELATIONS, keys, f"must be one of {', '.join(RELATIONS)}")
        known = related.stands in STANDS
        source.require(known, ("related", index, "stands"), f"must be one of {', '.join(STANDS)}")
    return entry


def read_remedies(mappings: Path) -> Mapping[str, RemediationTexts]:
    """The remediations that several rules share, by name. Raises ``RecordError``."""
    return {path.stem: read_record(RemediationTexts, path) for path in sorted(mappings.glob("remedies/*.yaml"))}


def read_crosswalk(mappings: Path) -> Mapping[str, Service]:
    """The crosswalk by file name. Raises ``RecordError``, also for what contradicts itself between files."""
    sources = {path.stem: Source(path) for path in sorted(mappings.glob("crosswalk/*.yaml"))}
    services = {name: _service(source) for name, source in sources.items()}
    _require_whole(sources, services)
    return services


def read_service(path: Path) -> Service:
    """Read one file of the crosswalk alone. Raises ``RecordError``."""
    return _service(Source(path))


def _service(source: Source) -> Service:
    service: Service = source.record(Service)
    for index, control in enumerate(service.controls):
        _require_control(source, control, ("controls", index))
    return service


def _require_control(source: Source, control: Control, keys: Keys) -> None:
    named = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", control.id)
    source.require(named is not None, (*keys, "id"), "must be words in lower case with hyphens between them")
    _require_texts(source, control, keys)
    source.require(bool(control.checks), keys, "a control has at least one check")
    for key, pattern in _WRITTEN.items():
        for index, value in enumerate(getattr(control, key)):
            written = re.fullmatch(pattern, value) is not None
            source.require(written, (*keys, key, index), f"{value!r} is not written as {pattern}")
    for key in ("remarks", "no_code_passes"):
        for check in getattr(control, key):
            source.require(check in control.checks, (*keys, key, check), "is not one of this control's checks")
    for index, relation in enumerate(control.relations):
        place: Keys = (*keys, "relations", index)
        here = {relation.checkov, relation.prowler} & set(control.checks)
        source.require(bool(here), place, f"{relation.checkov} and {relation.prowler} are both elsewhere")
        known = relation.relation in RELATIONS
        source.require(known, (*place, "relation"), f"must be one of {', '.join(RELATIONS)}")
        said = bool(relation.difference)
        source.require(said, (*place, "difference"), "says how the two differ, or what both look at")
    _require_remediation(source, control.remediation, (*keys, "remediation"))


def _require_remediation(source: Source, remediation: ControlRemediation, keys: Keys) -> None:
    source.require(bool(remediation.text), (*keys, "text"), "must not be empty")
    linked = _LINK.fullmatch(remediation.link) is not None
    source.require(linked, (*keys, "link"), "must be a page of docs.aws.amazon.com")
    for form in remediation.without:
        source.require(form in FORMS, (*keys, "without", form), f"must be among {', '.join(FORMS)}")
    for form in FORMS:
        either = bool(getattr(remediation, form)) != bool(remediation.without.get(form))
        source.require(either, (*keys, form), "either is there, or `without` says why there is none")


def _require_texts(source: Source, record: Entry | Control, keys: Keys) -> None:
    known = record.severity in SEVERITIES
    source.require(known, (*keys, "severity"), f"must be one of {', '.join(SEVERITIES)}")
    for key in ("description", "risk"):
        allowed = f"must not exceed {LONGEST} characters (Prowler's limit)"
        source.require(0 < len(getattr(record, key)) <= LONGEST, (*keys, key), allowed)


def _require_whole(sources: Mapping[str, Source], services: Mapping[str, Service]) -> None:
    """Every check is under one control, and related or said to have no counterpart."""
    placed: dict[str, str] = {}
    related: dict[str, str] = {}
    pairs: set[tuple[str, str]] = set()
    for source, keys, control in _controls(sources, services):
        source.require(control.id not in placed, (*keys, "id"), f"{control.id} is there twice")
        for check in (control.id, *control.checks):
            source.require(check not in placed, keys, f"{check} is under {placed.get(check)} too")
            placed[check] = control.id
        for relation in control.relations:
            pair = (relation.checkov, relation.prowler)
            source.require(pair not in pairs, keys, f"{' and '.join(pair)} are related by {related.get(pair[0])} too")
            pairs.add(pair)
            related.update(dict.fromkeys(pair, control.id))
    either = "must have a relation, or its control says in no_counterpart why there is none"
    for source, keys, control in _controls(sources, services):
        for check in {check for one in control.relations for check in (one.checkov, one.prowler)} - set(placed):
            raise source.error((*keys, "relations"), f"{check} is under no control")
        for check in control.checks:
            source.require((check in related) != bool(control.no_counterpart), keys, f"{check} {either}")


def _controls(sources: Mapping[str, Source], services: Mapping[str, Service]) -> Iterator[tuple[Source, Keys, Control]]:
    for name, service in services.items():
        for index, control in enumerate(service.controls):
            yield sources[name], ("controls", index), control
