"""Rules asked one by one, each on what the asker names, where a run would fold many verdicts into one finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Optional, Union

from rolecall.findings import GRAVEST_FIRST, Status, Verdict
from rolecall.model import EventSourceMapping, Function, Inventory, Invoker
from rolecall.rules import guarded, rules_for

_Subject = Union[Function, EventSourceMapping, Invoker]


class Judgement(NamedTuple):
    """What the gravest of some rules says; ``None``: none of them says anything. rules: which say so, unless PASS."""

    status: Optional[Status] = None
    rules: tuple[str, ...] = ()


class Judges:
    """Some rules (IDs) on an inventory; ``rule in judges`` is whether it is one of them. One that raises says ERROR."""

    def __init__(self, inventory: Inventory, rules: Collection[str]) -> None:
        self._checks: Mapping[str, Callable[..., Verdict]] = {
            rule.entry.id: guarded(rule, inventory) for rule in rules_for(inventory.framework, rules)
        }

    def __contains__(self, rule: str) -> bool:
        return rule in self._checks

    def verdict(self, rule: str, subject: _Subject) -> Verdict | None:
        """``None`` where the rule is none of them, or does not apply."""
        verdict = self._checks[rule](subject) if rule in self._checks else None
        return verdict if verdict is not None and verdict.applies else None

    def on(self, *asked: tuple[str, _Subject]) -> Judgement:
        """What they say, each rule of its subject."""
        verdicts = {rule: self.verdict(rule, subject) for rule, subject in asked}
        said = {rule: verdict.status for rule, verdict in verdicts.items() if verdict is not None}
        if not said:
            return Judgement()
        status = min(said.values(), key=GRAVEST_FIRST.index)
        return Judgement(status, () if status is Status.PASS else tuple(rule for rule in said if said[rule] is status))
