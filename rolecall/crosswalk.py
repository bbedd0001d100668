"""The crosswalk: what the checks that Checkov and Prowler ship say about AWS, as controls both can be read by.

Its source is ``mappings/crosswalk/``, one file for each service or part of one. A control is one thing to put right, in
one way and of one severity; every check of either tool is under exactly one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rolecall.records import build_record

COMPILED = Path(__file__).with_name("crosswalk.json")
TOOLS = ("checkov", "prowler")
RELATIONS = {
    "equal": "reports the same as",
    "subset": "reports less than",
    "superset": "reports more than",
    "intersects": "reports some of what is reported by",
}
"""The relations, and how each is said of Checkov's check and Prowler's."""
CALLED = {
    "checkov": "Checkov",
    "prowler": "Prowler",
    "security_hub": "Security Hub",
    "config": "AWS Config",
    "cis": "CIS AWS 7.0",
    "cwe": "CWE",
    "trivy": "Trivy",
}
"""The fields of a control that hold its names elsewhere, and whose names they are."""
FORMS = {"cli": "AWS CLI", "terraform": "Terraform", "cloudformation": "CloudFormation"}
"""The forms of a remediation in code."""


@dataclass(frozen=True)
class ControlRemediation:
    """How a control is met, for any resource: names in capitals stand for the reader's own.

    text: what to do. cli: commands of the AWS CLI. terraform and cloudformation: whole blocks that meet the control.
    link: the page of AWS's documentation. without: for each form that there is none of, why.
    """

    text: str
    link: str
    cli: str = ""
    terraform: str = ""
    cloudformation: str = ""
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    """What Checkov's check reports, as a set, to what Prowler's reports, in the terms of NIST IR 8477.

    ``subset``: what Checkov's reports Prowler's reports too, and more. difference: how they differ, in one line.
    reading: the other way to read it, where two are possible.
    """

    checkov: str
    relation: str
    prowler: str
    difference: str
    reading: str = ""


@dataclass(frozen=True)
class Control:
    """What one or several checks ask for; the keys of the file are these fields.

    id: begins with the service. severity_reason: why the severity is not that of all its Prowler checks.
    no_counterpart: why none of its checks has a relation. security_hub, config, cis (AWS Foundations 7.0), cwe, trivy:
    what others call it. remarks: what a check's code does otherwise than its title says, by the check. no_code_passes:
    those of Checkov's checks that are so broken that they fail the remediation too.
    """

    id: str
    title: str
    severity: str
    description: str
    risk: str
    remediation: ControlRemediation
    checkov: tuple[str, ...] = ()
    prowler: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    no_counterpart: str = ""
    severity_reason: str = ""
    security_hub: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    cis: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    trivy: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    no_code_passes: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of both tools."""
        return self.checkov + self.prowler


class Host(NamedTuple):
    """What the crosswalk was made for: a tool's version, and how many AWS checks that ships."""

    version: str
    checks: int


class Crosswalk(Sequence[Control]):
    """All controls, in order of service. Records of controls are made when they are asked for: there are many.

    hosts: by tool. former: names that checks had before, with those that they have now.
    """

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        """compiled: ``crosswalk.json``, known to be valid."""
        self.hosts = {tool: Host(**facts) for tool, facts in compiled["hosts"].items()}
        self.former: Mapping[str, str] = compiled["former"]
        services = compiled["services"]
        self._raw = [control for service in services for control in service["controls"]]
        self._services = [service["service"] for service in services for _ in service["controls"]]
        self._by_check = {
            check: index for index, raw in enumerate(self._raw) for tool in TOOLS for check in raw.get(tool, ())
        }
        self._made: dict[int, Control] = {}

    def __len__(self) -> int:
        return len(self._raw)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        if index not in self._made:
            self._made[index] = build_record(Control, self._raw[index], str(self._raw[index]["id"]))
        return self._made[index]

    def __iter__(self) -> Iterator[Control]:
        return (self[index] for index in range(len(self)))

    def of_check(self, check: str) -> Control | None:
        """The control that a check of Checkov or Prowler is under; ``None`` for one that they do not ship."""
        index = self._by_check.get(check)
        return None if index is None else self[index]

    def control(self, name: str) -> Control | None:
        """The control with an ID."""
        index = self._by_id.get(name)
        return None if index is None else self[index]

    @cached_property
    def _by_id(self) -> Mapping[str, int]:
        return {str(raw["id"]): index for index, raw in enumerate(self._raw)}

    def severities(self) -> Mapping[str, str]:
        """The severity of every check."""
        return {check: self._raw[index]["severity"] for check, index in self._by_check.items()}

    def service(self, control: Control) -> str:
        """AWS's name of the service."""
        return str(self._services[self._by_check[control.checks[0]]])

    @cached_property
    def relations(self) -> Mapping[str, Sequence[Relation]]:
        """The relations of each check that has any, wherever they are written."""
        found: dict[str, list[Relation]] = {}
        for control in self:
            for relation in control.relations:
                found.setdefault(relation.checkov, []).append(relation)
                found.setdefault(relation.prowler, []).append(relation)
        return found


@cache
def load_crosswalk() -> Crosswalk:
    """The crosswalk as it ships. Raises ``OSError`` and ``ValueError`` where the installation is damaged."""
    return Crosswalk(json.loads(COMPILED.read_text(encoding="utf-8")))
