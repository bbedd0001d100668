"""The rules, and the one loop that runs them.

A rule is a module ``rcNNN_name.py`` with ``check(subject, inventory) -> Verdict``; the type of its first parameter
says what it looks at. Rules are found by file name; nothing registers them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Union, get_type_hints

from rolecall.catalog import Entry, load_catalog
from rolecall.findings import Finding, Verdict, unknown
from rolecall.invocation import WITH_ROLE
from rolecall.model import EventRule, EventSourceMapping, Function, Inventory, Invoker, Permission, Resource, Role
from rolecall.model.remembered import forget
from rolecall.overlay import team
from rolecall.rules.execution_role import without_role
from rolecall.rules.folding import folded
from rolecall.rules.judges import Told, broken, guarded
from rolecall.unknown import Text, Unknown, named


@dataclass(frozen=True)
class Rule:
    """A rule's module with its catalogue entry.

    subject: ``Function``, ``Role`` (an execution role), ``EventSourceMapping``, ``EventRule``, ``Permission``,
        ``Invoker``, or ``Inventory`` for a rule on the account itself.
    kind: of the invokers, the module's ``KIND``; empty: of all kinds.
    of_account: the module's ``of_account``, the answer for an account as a whole.
    """

    entry: Entry
    subject: type
    check: Callable[..., Verdict]
    kind: str = ""
    of_account: Callable[[Inventory], Verdict] | None = None


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
            of_account = getattr(loaded, "of_account", None)
            rules[rule] = Rule(catalog[rule], subject, loaded.check, getattr(loaded, "KIND", ""), of_account)
    missing = set(catalog) - set(rules)
    if missing:
        raise LookupError(f"no module in rolecall/rules for {', '.join(sorted(missing))}")
    return dict(sorted(rules.items()))


def run(inventory: Inventory, only: Collection[str] | None = None, told: Told | None = None) -> Iterator[Finding]:
    """Run the rules on an inventory.

    only: rule IDs to run, whether on by default or not; ``None`` runs those that are on by default. A rule whose
        surfaces do not include that of the inventory says nothing.
    told: in code, verdicts that were asked for before: each is taken from it in place of asking again.
    Yields one finding per rule and resource: in code by rule, in order of ID. In an account that is always the
    function, some functions at a time: what a rule says of its role, mappings, statements and invokers is folded into
    one finding. A rule that raises yields findings of status ERROR and disturbs no other. What the team's overlay sets
    and changes counts; what it waives is for whoever tells the findings. Raises ``RecordError`` for an overlay that is
    not valid.
    """
    inventory, rules = with_settings(inventory), rules_for(inventory.framework, only)
    return _in_account(rules, inventory) if inventory.framework == "live" else _in_code(rules, inventory, told)


def with_settings(inventory: Inventory) -> Inventory:
    """The inventory with what the team sets. Raises ``RecordError`` for an overlay that is not valid."""
    overlay = team()
    return inventory if overlay.path is None else replace(inventory, settings=overlay.settings)


def rules_for(framework: str, only: Collection[str] | None = None) -> list[Rule]:
    """The rules that run on the inventories of a framework. only: as for ``run``."""
    surface = _SURFACES.get(framework, framework)
    return [
        rule
        for rule in load_rules().values()
        if (rule.entry.default if only is None else rule.entry.id in only) and surface in rule.entry.surfaces
    ]


_SURFACES = {"terraform_plan": "terraform", "sam": "cloudformation", "serverless": "cloudformation"}
_Subject = Union[Function, Role, EventSourceMapping, EventRule, Permission, Invoker]


def _in_code(rules: Sequence[Rule], inventory: Inventory, told: Told | None) -> Iterator[Finding]:
    """The subjects by their own resource; several may be of one (statements that SAM makes for a function)."""
    for rule in rules:
        check = guarded(rule, inventory, told)
        found: dict[str, tuple[Resource, Text, list[_Subject]]] = {}
        for subject, name in _subjects(rule, inventory):
            resource = subject.resource.reported
            found.setdefault(resource.key, (resource, name, []))[2].append(subject)
        for resource, name, looked_at in found.values():
            verdicts = [check(subject) for subject in looked_at]
            if any(verdict.applies for verdict in verdicts):
                yield folded(rule, resource, name, verdicts, inventory)


def _subjects(rule: Rule, inventory: Inventory) -> Iterator[tuple[_Subject, Text]]:
    """What the rule looks at, with the name of the function concerned."""
    if rule.subject is Function:
        yield from ((function, function.resource.name) for function in inventory.functions.values())
    elif rule.subject is Role:
        yield from ((role, users[0].resource.name) for role, users in inventory.execution_roles if role.declared)
    elif rule.subject is EventSourceMapping:
        for mapping in inventory.mappings:
            yield mapping, _name_of(inventory.functions.get(str(mapping.function)))
    elif rule.subject is EventRule:
        yield from ((event_rule, "") for event_rule in inventory.event_rules)
    elif rule.subject is Permission:
        for permission in inventory.permissions:
            if not permission.managed_by:
                yield permission, permission.function_name
    else:
        for invoker in inventory.invokers:
            if rule.kind in ("", invoker.kind):
                called = inventory.called_by(invoker)
                yield invoker, called[0].resource.name if called else named(invoker.function)


def _name_of(function: Function | None) -> Text:
    return function.resource.name if function else ""


_AT_A_TIME = 500


def _in_account(rules: Sequence[Rule], inventory: Inventory) -> Iterator[Finding]:
    """Of the account itself; then of the functions, with what each rule looks at for them.

    Some functions at a time: rule by rule is faster than function by function, and what is remembered of functions
    (parsed policies) need not be remembered of all.
    """
    if inventory.account is not None:
        for rule in rules:
            if rule.of_account is not None:
                verdict = _of_account(rule, rule.of_account, inventory)
                yield folded(rule, inventory.account, "", [verdict], inventory)
    functions = list(inventory.functions.values())
    of_functions = [(rule, _OF_FUNCTION[rule.subject](rule, inventory)) for rule in rules if rule.of_account is None]
    for first in range(0, len(functions), _AT_A_TIME):
        for rule, verdicts in of_functions:
            for function in functions[first : first + _AT_A_TIME]:
                yield folded(rule, function.resource, function.resource.name, verdicts(function), inventory)
        forget()


# A rule's verdicts on what it looks at for a function; one more where that cannot be read, or there may be more of it.
_Verdicts = Callable[[Function], Sequence[Verdict]]


def _on_itself(rule: Rule, inventory: Inventory) -> _Verdicts:
    check = guarded(rule, inventory)
    return lambda function: (check(function),)


def _on_role(rule: Rule, inventory: Inventory) -> _Verdicts:
    check = guarded(rule, inventory)

    def verdicts(function: Function) -> Sequence[Verdict]:
        role = function.role.role
        return (check(role) if isinstance(role, Role) else without_role(function),)

    return verdicts


def _on_mappings(rule: Rule, inventory: Inventory) -> _Verdicts:
    check = guarded(rule, inventory)

    def verdicts(function: Function) -> Sequence[Verdict]:
        mappings = function.event_source_mappings
        return (unknown(f"{mappings.reason}."),) if isinstance(mappings, Unknown) else [check(one) for one in mappings]

    return verdicts


def _on_statements(rule: Rule, inventory: Inventory) -> _Verdicts:
    check = guarded(rule, inventory)

    def verdicts(function: Function) -> Sequence[Verdict]:
        policy = inventory.policy_of(function)
        if isinstance(policy, Unknown):
            return (unknown(f"The policy of {function.label} is not known: {policy.reason}."),)
        return [check(permission) for permission in policy]

    return verdicts


def _on_invokers(rule: Rule, inventory: Inventory) -> _Verdicts:
    check = guarded(rule, inventory)
    known = inventory.invokers_by_function(rule.kind)
    kinds = (rule.kind,) if rule.kind else WITH_ROLE

    def verdicts(function: Function) -> Sequence[Verdict]:
        found = [check(invoker) for invoker in known.get(function.resource.key, ())]
        unread = inventory.unread_invokers(function, *kinds)
        if unread is None:
            return found
        return [*found, unknown(f"What else calls {function.label} is not known: {unread.reason}.")]

    return verdicts


_OF_FUNCTION: Mapping[type, Callable[[Rule, Inventory], _Verdicts]] = {
    Function: _on_itself,
    Role: _on_role,
    EventSourceMapping: _on_mappings,
    Permission: _on_statements,
    Invoker: _on_invokers,
}


def _of_account(rule: Rule, of_account: Callable[[Inventory], Verdict], inventory: Inventory) -> Verdict:
    try:
        return of_account(inventory)
    except Exception as fault:
        return broken(rule, "the account", fault)
