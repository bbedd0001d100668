"""Rules and checks as the team sees them: catalogue, crosswalk and overlay together, one record for each check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolecall.catalog import load_catalog
from rolecall.crosswalk import Control, load_crosswalk
from rolecall.findings import at_or_above
from rolecall.overlay import Adjustment, team


@dataclass(frozen=True)
class Mapped:
    """A check of one tool. tool: ``checkov`` or ``prowler``; our rules are a check of each tool that they run in.

    name: what the tool calls it. control: the control's ID, or the rule's. enabled: whether it runs where nobody names
    it. text: the remediation in words, the team's included. link: its page. ids, controls: the team's own.
    """

    tool: str
    name: str
    control: str
    service: str
    title: str
    severity: str
    description: str
    risk: str
    text: str
    cli: str
    terraform: str
    cloudformation: str
    link: str
    enabled: bool = True
    ids: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()

    def at_least(self, severity: str) -> bool:
        return self.severity in at_or_above(severity)


def mapped(tool: str) -> Iterator[Mapped]:
    """All checks of a tool: those that it ships, in order of service, then our rules."""
    overlay, crosswalk = team(), load_crosswalk()
    for control in crosswalk:
        for name in getattr(control, tool):
            yield _check(tool, name, control, crosswalk.service(control), overlay.adjustment(name))
    for entry in load_catalog().values():
        runs = entry.checkov.resources if tool == "checkov" else "live" in entry.surfaces
        if runs:
            remedy = entry.remedy({})
            yield Mapped(
                tool=tool,
                name=entry.checkov_id if tool == "checkov" else entry.prowler.check,
                control=entry.id,
                service="AWS Lambda",
                title=entry.title,
                severity=entry.severity,
                description=entry.description,
                risk=entry.risk,
                text=remedy.text,
                cli=remedy.cli,
                terraform=remedy.terraform,
                cloudformation=remedy.cloudformation,
                link=entry.guideline,
                enabled=entry.default,
                ids=entry.team.ids,
                controls=entry.team.controls,
            )


def _check(tool: str, name: str, control: Control, service: str, adjustment: Adjustment) -> Mapped:
    remedy, own = control.remediation, adjustment.remediation
    return Mapped(
        tool=tool,
        name=name,
        control=control.id,
        service=service,
        title=control.title,
        severity=adjustment.severity or control.severity,
        description=control.description,
        risk=control.risk,
        text=" ".join(filter(None, (own.text or remedy.text, own.add))),
        cli=remedy.cli,
        terraform=remedy.terraform,
        cloudformation=remedy.cloudformation,
        link=own.link or remedy.link,
        enabled=adjustment.enabled is not False,
        ids=adjustment.ids,
        controls=adjustment.controls,
    )
