"""Rules asked one by one, each on what the asker names, where a run folds many verdicts into one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from rolecall.findings import GRAVEST_FIRST, Status, Verdict
from rolecall.model import Inventory

if TYPE_CHECKING:
    from rolecall.rules import Rule

# Verdicts by rule and identity of the subject, which lives as long as its inventory.
Told = dict[tuple[str, int], Verdict]


def guarded(rule: Rule, inventory: Inventory, told: Told | None = None) -> Callable[[Any], Verdict]:
    """The rule's check, with an answer for when it raises: a rule that breaks must not take the others with it.

    told: verdicts to take out in place of asking for them.
    """

    def checked(subject: Any) -> Verdict:
        verdict = told.pop((rule.entry.id, id(subject)), None) if told else None
        if verdict is not None:
            return verdict
        try:
            return rule.check(subject, inventory)
        except Exception as fault:
            return broken(rule, subject.resource.address, fault)

    return checked


def broken(rule: Rule, place: str, fault: Exception) -> Verdict:
    return Verdict(Status.ERROR, f"{rule.entry.id} broke on {place}: {fault!r}.")


class Judgement(NamedTuple):
    """What the gravest of some rules says; ``None``: none of them says anything. rules: which say so, unless PASS."""

    status: Optional[Status] = None
    rules: tuple[str, ...] = ()


class Judges:
    """Some rules on an inventory; ``RULE in judges`` is whether it is one of them. told: takes up their verdicts."""

    def __init__(self, inventory: Inventory, rules: Iterable[Rule], told: Told | None = None) -> None:
        self._checks: Mapping[str, Callable[[Any], Verdict]] = {
            rule.entry.id: guarded(rule, inventory) for rule in rules
        }
        self._told = told

    def __contains__(self, rule: str) -> bool:
        return rule in self._checks

    def verdict(self, rule: str, subject: Any) -> Verdict | None:
        """``None`` where the rule is none of them, or does not apply."""
        if rule not in self._checks:
            return None
        verdict = self._checks[rule](subject)
        if self._told is not None:
            self._told[rule, id(subject)] = verdict
        return verdict if verdict.applies else None

    def on(self, *asked: tuple[str, Any]) -> Judgement:
        """What they say, each rule of its subject."""
        verdicts = {rule: self.verdict(rule, subject) for rule, subject in asked}
        said = {rule: verdict.status for rule, verdict in verdicts.items() if verdict is not None}
        if not said:
            return Judgement()
        status = min(said.values(), key=GRAVEST_FIRST.index)
        return Judgement(status, () if status is Status.PASS else tuple(rule for rule in said if said[rule] is status))
