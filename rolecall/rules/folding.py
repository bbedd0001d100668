"""From the verdicts of a rule on what belongs to a resource to its one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from rolecall.catalog import Entry
from rolecall.findings import GRAVEST_FIRST, Finding, Remediation, Status, Verdict
from rolecall.invocation import SERVICES
from rolecall.model import EventSourceMapping, Inventory, Invoker, Permission, Resource
from rolecall.unknown import Text

if TYPE_CHECKING:
    from rolecall.rules import Rule


def folded(rule: Rule, resource: Resource, name: Text, verdicts: Sequence[Verdict], inventory: Inventory) -> Finding:
    """Fold the verdicts on one resource into one finding: the gravest status, and all messages of that status.

    name: of the function concerned.
    """
    entry, function = rule.entry, name if isinstance(name, str) else ""
    if not verdicts:
        said = _nothing(rule, resource, inventory)
        return Finding(entry.id, Status.PASS, entry.severity, entry.title, resource, function, said, (), _NO_REMEDY)
    leading = verdicts if len(verdicts) == 1 else _gravest(verdicts)
    status, message, evidence = leading[0][:3]
    if len(leading) > 1 or len(evidence) > 1:
        message = " ".join(dict.fromkeys(verdict.message for verdict in leading))
        evidence = tuple(dict.fromkeys(fact for verdict in leading for fact in verdict.evidence))
    remedy = _remedy(entry, leading, resource) if status is Status.FAIL else _NO_REMEDY
    return Finding(entry.id, status, entry.severity, entry.title, resource, function, message, evidence, remedy)


_NO_REMEDY = Remediation()


def _gravest(verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """The verdicts of the gravest status, of which those that apply, if some do."""
    status = min({verdict.status for verdict in verdicts}, key=GRAVEST_FIRST.index)
    leading = [verdict for verdict in verdicts if verdict.status is status]
    return [verdict for verdict in leading if verdict.applies] or leading


# before and after the function's name
_NOTHING = {
    Permission: ("The policy of ", " has no statement (that of the function itself, not of its aliases)."),
    EventSourceMapping: ("", " has no event source mapping."),
    Invoker: ("Nothing of this kind is wired to ", "."),
}


def _nothing(rule: Rule, resource: Resource, inventory: Inventory) -> str:
    nothing = inventory.none.get((rule.kind, resource.key)) if inventory.none else None
    unseen = _unseen(rule.kind)
    if nothing:
        return nothing + unseen
    before, after = _NOTHING.get(rule.subject, ("", ""))
    return f"{before}{resource.label}{after}{unseen}"


@cache
def _unseen(kind: str) -> str:
    """What is said of the wirings of a kind that are not looked for."""
    unseen = SERVICES[kind].unseen if kind else ""
    return f" Not read: {unseen}." if unseen else ""


def _remedy(entry: Entry, failures: Iterable[Verdict], resource: Resource) -> Remediation:
    place = {"region": resource.region} if resource.framework == "live" else {}
    filled = [
        entry.remedy({**place, **verdict.facts}, name) for verdict in failures for name in verdict.remedies or ("",)
    ]
    if len(filled) == 1:
        return filled[0]
    forms = [vars(remedy) for remedy in filled]
    return Remediation(**{key: "\n".join(dict.fromkeys(form[key] for form in forms if form[key])) for key in forms[0]})
