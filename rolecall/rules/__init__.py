"""The rules, and the one loop that runs them.

A rule is a module ``rcNNN_name.py`` with ``check(subject, inventory) -> Verdict``; the type of its first parameter
says what it looks at. Rules are found by file name; nothing registers them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from rolecall.catalog import Entry, load_catalog
from rolecall.findings import Finding, Remediation, Status, Verdict
from rolecall.model import Function, Inventory, Invoker, Permission, Resource
from rolecall.unknown import Text, named


@dataclass(frozen=True)
class Rule:
    """A rule's module with its catalogue entry.

    subject: ``Function``, ``Permission`` or ``Invoker``. kind: of the invokers, the module's ``KIND``.
    """

    entry: Entry
    subject: type
    check: Callable[[Any, Inventory], Verdict]
    kind: str = ""


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by ID. Raises ``LookupError`` when a module has no catalogue entry, or the reverse."""
    catalog = load_catalog()
    rules = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name[:2] == "rc" and module.name[2:5].isdigit():
            rule = module.name[:5].upper()
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            if rule not in catalog:
                raise LookupError(f"{module.name} has no mappings/rules/{rule}.yaml")
            subject = next(iter(get_type_hints(loaded.check).values()))
            rules[rule] = Rule(catalog[rule], subject, loaded.check, getattr(loaded, "KIND", ""))
    missing = set(catalog) - set(rules)
    if missing:
        raise LookupError(f"no module in rolecall/rules for {', '.join(sorted(missing))}")
    return dict(sorted(rules.items()))


def run(inventory: Inventory, only: Collection[str] | None = None) -> Iterator[Finding]:
    """Run the rules on an inventory.

    only: rule IDs to run, whether on by default or not; ``None`` runs those that are on by default.
    Yields one finding per rule and subject, rules in order of ID. In an account the subject is always the function:
    what a rule says of its statements is folded into one finding. A rule that raises yields findings of status ERROR
    and disturbs no other.
    """
    for rule in load_rules().values():
        if rule.entry.default if only is None else rule.entry.id in only:
            yield from _run_rule(rule, inventory)


def _run_rule(rule: Rule, inventory: Inventory) -> Iterator[Finding]:
    if rule.subject is Function:
        for function in inventory.functions.values():
            yield _finding(rule, function.resource, [_verdict(rule, function, inventory)])
    elif rule.subject is Invoker:
        by_resource: dict[str, list[Invoker]] = {}
        for invoker in inventory.invokers:
            if invoker.kind == rule.kind:
                by_resource.setdefault(invoker.resource.key, []).append(invoker)
        for invokers in by_resource.values():
            verdicts = [_verdict(rule, invoker, inventory) for invoker in invokers]
            called = inventory.called_by(invokers[0])
            name = called[0].resource.name if called else named(invokers[0].function)
            yield _finding(rule, invokers[0].resource, verdicts, name)
    elif inventory.framework == "live":
        for function in inventory.functions.values():
            policy = inventory.policy_of(function)
            if isinstance(policy, tuple):
                verdicts = [_verdict(rule, permission, inventory) for permission in policy]
            else:
                verdicts = [Verdict(Status.UNKNOWN, f"The policy of {function.label} is not known: {policy.reason}.")]
            yield _finding(rule, function.resource, verdicts)
    else:
        for permission in (given for given in inventory.permissions if not given.managed_by):
            verdict = _verdict(rule, permission, inventory)
            yield _finding(rule, permission.resource, [verdict], permission.function_name)


def _verdict(rule: Rule, subject: Function | Permission | Invoker, inventory: Inventory) -> Verdict:
    try:
        return rule.check(subject, inventory)
    except Exception as fault:  # a rule that breaks must not take the others with it
        return Verdict(Status.ERROR, f"{rule.entry.id} broke on {subject.resource.address}: {fault!r}.")


_GRAVEST_FIRST = (Status.ERROR, Status.FAIL, Status.UNKNOWN, Status.PASS)


def _finding(rule: Rule, resource: Resource, verdicts: list[Verdict], function: Text | None = None) -> Finding:
    """Fold the verdicts on one resource into one finding: the gravest status, and all messages of that status.

    function: name of the function concerned, when the resource is not the function itself.
    """
    name = resource.name if function is None else function
    status = next((status for status in _GRAVEST_FIRST if any(v.status is status for v in verdicts)), Status.PASS)
    leading = [verdict for verdict in verdicts if verdict.status is status]
    return Finding(
        rule=rule.entry.id,
        status=status,
        severity=rule.entry.severity,
        title=rule.entry.title,
        resource=resource,
        function=name if isinstance(name, str) else "",
        message=" ".join(dict.fromkeys(v.message for v in leading)) or _no_statement(resource),
        evidence=tuple(dict.fromkeys(fact for verdict in leading for fact in verdict.evidence)),
        remediation=_remedy(rule.entry, leading) if status is Status.FAIL else Remediation(),
    )


def _no_statement(resource: Resource) -> str:
    return f"The policy of {resource.label} has no statement (that of the function itself, not of its aliases)."


def _remedy(entry: Entry, failures: Iterable[Verdict]) -> Remediation:
    filled = [vars(entry.remedy(verdict.facts)) for verdict in failures]
    return Remediation(**{key: "\n".join(dict.fromkeys(r[key] for r in filled if r[key])) for key in filled[0]})
