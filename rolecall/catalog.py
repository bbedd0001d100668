"""The catalogue of rules: the only module that knows their IDs, severities and texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from rolecall.findings import Remediation
from rolecall.overlay import Adjustment, Overlay, team
from rolecall.records import NOT_READ, build_record
from rolecall.unknown import Text, Unknown
from rolecall.written import Form, in_cloudformation, in_shell, in_terraform, in_words, no_templates

COMPILED = Path(__file__).with_name("catalog.json")
SURFACES = ("terraform", "cloudformation", "live")


@dataclass(frozen=True)
class Related:
    """A check of another tool for the same or a neighbouring control.

    relation: of what our rule reports to what it reports, in the terms of NIST IR 8477 (ours is a superset of theirs).
    stands: whether our rule ``supersedes`` it, so that nothing is lost without it, or ``extends`` it.
    """

    tool: str
    id: str
    relation: str
    stands: str
    note: str


@dataclass(frozen=True)
class RemediationTexts(Remediation):
    """The remediations as the catalogue writes them. sam: instead of ``cloudformation``, where SAM makes the thing."""

    sam: str = ""


@dataclass(frozen=True)
class CheckovMapping:
    """resources: the resource types a finding is attached to, by surface."""

    categories: tuple[str, ...]
    resources: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ProwlerMapping:
    """The check's name, and the fields of Prowler's metadata that have no counterpart elsewhere."""

    check: str
    check_types: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One rule as the catalogue describes it; the file's keys are these fields.

    remediation: ``text``, ``cli``, ``terraform``, ``cloudformation``, ``sam``, ``serverless``; ``<<name>>`` in them
    stands for a fact of the verdict, written as the form requires (quoted for the shell, as an HCL or a JSON string).
    default: whether it runs where nobody names it. team: what the team's overlay says of it.
    """

    id: str
    name: str
    title: str
    severity: str
    surfaces: tuple[str, ...]
    description: str
    risk: str
    remediation: RemediationTexts
    references: tuple[str, ...]
    checkov: CheckovMapping
    prowler: ProwlerMapping
    related: tuple[Related, ...] = ()
    default: bool = True
    team: Adjustment = field(default=Adjustment(), metadata=NOT_READ)

    @property
    def checkov_id(self) -> str:
        """``CKV_RC_103`` for RC103: fixed width, since Checkov compares some IDs by substring."""
        return f"CKV_RC_{self.id[2:]}"

    @property
    def guideline(self) -> str:
        """The page that a finding links to: the team's, else AWS's own, the first of the references."""
        return self.team.remediation.link or self.references[0]

    def remedy(self, facts: Mapping[str, Text], shared: str = "") -> Remediation:
        """The remediation with the facts filled in; a fact that is not known stays a ``PLACEHOLDER``.

        With the fact ``sam_address`` the CloudFormation form is SAM's own, where the catalogue has one; with the fact
        ``region`` commands name it, unless their service has none or they name another.
        shared: name of one of ``mappings/remedies`` to take in place of the rule's own.
        """
        generic, team = load_remedies()[shared] if shared else self.remediation, self.team.remediation
        in_sam = generic.sam if isinstance(facts.get("sam_address"), str) else ""
        commands = _in_region(generic.cli) if isinstance(facts.get("region"), str) else generic.cli
        return Remediation(
            text=" ".join(filter(None, (_fill(team.text or generic.text, facts, in_words), team.add))),
            cli=_fill(commands, facts, in_shell),
            terraform=_fill(generic.terraform, facts, in_terraform, no_templates),
            cloudformation=_fill(in_sam or generic.cloudformation, facts, in_cloudformation),
            serverless=_fill(generic.serverless, facts, in_cloudformation),
        )


class Catalog(Mapping[str, Entry]):
    """All rules by ID, in order."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(sorted(entries.items()))
        self._checkov = {entry.checkov_id: entry for entry in self._entries.values()}
        self._prowler = {entry.prowler.check: entry for entry in self._entries.values()}

    def __getitem__(self, rule: str) -> Entry:
        return self._entries[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def named(self, name: str) -> Entry | None:
        """The rule that is called so, by its ID or in either tool, in any case; ``None`` where there is none."""
        return self.get(name.upper()) or self.by_checkov(name.upper()) or self.by_prowler(name.lower())

    def by_checkov(self, check_id: str) -> Entry | None:
        """The rule behind ``CKV_RC_nnn``; ``None`` for any other ID."""
        return self._checkov.get(check_id)

    def by_prowler(self, check: str) -> Entry | None:
        """The rule behind a Prowler check name; ``None`` for any other."""
        return self._prowler.get(check)


@cache
def load_catalog(overlay: Overlay | None = None) -> Catalog:
    """Every rule's mapping, as the overlay changes it. overlay: ``None`` is the team's own.

    Raises ``RecordError`` for an overlay that is not valid, and as ``load_shipped`` does.
    """
    overlay = overlay or team()
    return Catalog({entry.id: _adjusted(entry, overlay) for entry in load_shipped().values()})


@cache
def load_shipped() -> Catalog:
    """Every rule's mapping, as it ships. Raises ``OSError`` and ``ValueError`` where the installation is damaged."""
    return Catalog({raw["id"]: build_record(Entry, raw, raw["id"]) for raw in _compiled()["rules"]})


def _adjusted(entry: Entry, overlay: Overlay) -> Entry:
    adjustment = overlay.adjustment(entry.id)
    enabled = adjustment.enabled if adjustment.enabled is not None else entry.default or overlay.strict
    return replace(entry, severity=adjustment.severity or entry.severity, default=enabled, team=adjustment)


@cache
def load_remedies() -> Mapping[str, RemediationTexts]:
    """The remediations that several rules share, by name. Raises as ``load_catalog`` does."""
    return {name: build_record(RemediationTexts, raw, name) for name, raw in _compiled()["remedies"].items()}


@cache
def _compiled() -> Any:
    return json.loads(COMPILED.read_text(encoding="utf-8"))


_COMMAND = re.compile(r"\baws (?!iam |organizations )[a-z0-9-]+ [a-z-]+(?! --region)(?=\s)")


@cache
def _in_region(commands: str) -> str:
    """A template of AWS CLI commands, each with its region."""
    return _COMMAND.sub(lambda command: f"{command[0]} --region <<region>>", commands)


def _fill(template: str, facts: Mapping[str, Text], form: Form, plain: Callable[[str], str] = str) -> str:
    """Put facts into ``<<name>>``, in the form.

    ``<<raw:name>>`` is not quoted, but made ``plain`` and kept to one line: it stands in comments and is JSON.
    """

    filled = []
    for before, raw, name in _pieces(template):
        filled.append(before)
        if name:
            fact = facts.get(name, _UNSAID)
            filled.append(plain(" ".join(in_words(fact, name).split())) if raw else form(fact, name))
    return "".join(filled)


_UNSAID = Unknown("the rule does not say it")


@cache
def _pieces(template: str) -> Sequence[tuple[str, bool, str]]:
    """The template's text piece by piece, each with the fact that follows: whether it is raw, and its name."""
    *parts, end = re.split(r"<<(raw:)?([a-z_]+)>>", template)
    facts = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return (*((before, raw is not None, name) for before, raw, name in facts), (end, False, ""))
