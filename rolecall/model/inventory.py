"""Everything that one scan knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional, Union

from rolecall.arn import text_parts
from rolecall.model.alarm_index import AlarmIndex, Watched
from rolecall.model.functions import EventSourceMapping, Function, Target
from rolecall.model.invocation import Invoker, Permission
from rolecall.model.resource import UNREAD, Document, Resource
from rolecall.model.roles import Role, RoleReference
from rolecall.model.watching import Alarm, EventRule, Trail
from rolecall.unknown import Following, Text, Unknown, parts_of, same_as, text

FunctionPolicy = Union[tuple[Permission, ...], Unknown]


@dataclass(frozen=True)
class Settings:
    """What a team sets for the rules.

    max_functions_per_role: RC110. owner_tags: keys of which a role needs one, RC111. trusted_accounts, and
    trusted_principals, as policies write them: RC106, RC344.
    """

    max_functions_per_role: int = 1
    owner_tags: tuple[str, ...] = ("function",)
    trusted_accounts: frozenset[str] = frozenset()
    trusted_principals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Inventory:
    """Everything that one scan knows. Read-only; indexed on first use, in O(nodes + edges).

    functions: by key. unread_policies: by function key; a function without an entry has the permissions that name it.
    role_references: in an account, by ARN, the roles that functions and invokers name, missing ones among them.
    unread: what of an account was not read to its end, by kind of invoker (or what else it is: ``functions``) and
        where: a region, ``""`` for all of them, or the key of the only function concerned.
    none: by kind of invoker and function key, what it rests on that the function has no such invoker, where that is
        more than a listing: a sentence.
    account: in an account, itself. service_control_policies: those that hold for it, by level, the root's first.
    """

    framework: str
    functions: Mapping[str, Function] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    role_references: Mapping[str, RoleReference] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    unread_policies: Mapping[str, Unknown] = field(default_factory=dict)
    invokers: tuple[Invoker, ...] = ()
    mappings: tuple[EventSourceMapping, ...] = ()
    targets: tuple[Target, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    event_rules: tuple[EventRule, ...] = ()
    trails: tuple[Trail, ...] = ()
    unread: Mapping[tuple[str, str], Unknown] = field(default_factory=dict)
    none: Mapping[tuple[str, str], str] = field(default_factory=dict)
    account: Optional[Resource] = None
    service_control_policies: Union[tuple[tuple[Document, ...], ...], Unknown] = UNREAD
    settings: Settings = Settings()

    def resources(self) -> Iterator[Resource]:
        """Every resource on which a rule may have a finding."""
        yield from (function.resource for function in self.functions.values())
        yield from (role.resource for role in self.roles.values())
        yield from (permission.resource for permission in self.permissions)
        yield from (invoker.resource for invoker in self.invokers)
        yield from (mapping.resource for mapping in self.mappings)
        yield from (rule.resource for rule in self.event_rules)

    def function_of(self, permission: Permission) -> Function | None:
        """The function that a permission belongs to, when this inventory has it."""
        return self.functions.get(permission.function) if isinstance(permission.function, str) else None

    def policy_of(self, function: Function) -> FunctionPolicy:
        """The statements of a function's resource-based policy; ``Unknown`` when it could not be read."""
        unread = self.unread_policies.get(function.resource.key)
        return unread if unread is not None else self._permissions_by_function.get(function.resource.key, ())

    def called_by(self, invoker: Invoker) -> tuple[Function, Text] | None:
        """The function that an invoker calls, and the qualifier it names (``""``: none); ``None``: it is not here.

        Only one of the invoker's own scope: another configuration may deploy a function of the same name elsewhere.
        """
        return self.function_at(invoker.function, invoker.resource.scope)

    def function_at(self, arn: Text, scope: str) -> tuple[Function, Text] | None:
        """The function of a scope that has an ARN, and the qualifier at its end (``""``: none)."""
        own, qualifier = _function_and_qualifier(arn)
        found = self._functions_by_arn.get((scope, same_as(own)), ()) if own else ()
        return (found[0], qualifier) if len(found) == 1 else None

    def role_at(self, arn: Text, scope: str) -> Role | None:
        """The role with an ARN, when this inventory has exactly one in the scope."""
        found = self._roles_by_arn.get((scope, same_as(arn)), ())
        return found[0] if len(found) == 1 else None

    def target(self, arn: Text, scope: str) -> Target | None:
        """The target with an ARN, when this inventory has exactly one in the scope."""
        found = self._targets_by_arn.get((scope, same_as(arn)), ())
        return found[0] if len(found) == 1 else None

    @cached_property
    def execution_roles(self) -> tuple[tuple[Role, tuple[Function, ...]], ...]:
        """Each role that functions use, with these functions."""
        index: dict[str, tuple[Role, list[Function]]] = {}
        for function in self.functions.values():
            role = function.role.role
            if isinstance(role, Role):
                index.setdefault(role.resource.key or role.resource.address, (role, []))[1].append(function)
        return tuple((role, tuple(users)) for role, users in index.values())

    def users_of(self, role: Role) -> tuple[Function, ...]:
        """The functions whose execution role it is."""
        return self._users.get(role.resource.key or role.resource.address, ())

    def invokers_of(self, function: Function, kind: str) -> tuple[Invoker, ...]:
        """The invokers of a kind (empty: of all kinds) that call a function."""
        return self.invokers_by_function(kind).get(function.resource.key, ())

    def invokers_by_function(self, kind: str) -> Mapping[str, tuple[Invoker, ...]]:
        """The invokers of a kind (empty: of all kinds), by the key of the function that they call."""
        return self._invokers.get(kind, {})

    def unread_invokers(self, function: Function, *kinds: str) -> Unknown | None:
        """Why there may be more invokers of these kinds than ``invokers_of`` knows; ``None``: there are no more."""
        if not self.unread:
            return None
        places = (str(function.resource.region), "", function.resource.key)
        reasons = [self.unread[kind, place] for kind in kinds for place in places if (kind, place) in self.unread]
        return reasons[0] if reasons else None

    def unread_part(self, name: str, region: Text = "") -> Unknown | None:
        """Why a part of an account was not read to its end, in a region or for all of it; ``None``: it was."""
        return self.unread.get((name, str(region)))

    def metrics_of(self, function: Function) -> list[Watched]:
        """What alarms of the function's scope watch of Lambda, but for what certainly names another function.

        Of those that say the same of every function that they do not name, only the first.
        """
        return self._alarms.of(function)

    def keeps_alarms(self, scope: str) -> bool:
        """Whether a scope sets alarms at all."""
        return self._alarms.kept_in(scope)

    def unattributed(self, scope: str) -> tuple[Permission, ...]:
        """The permissions of a scope that may belong to any function, since theirs is not known."""
        return self._unattributed.get(scope, ())

    @cached_property
    def _functions_by_arn(self) -> dict[tuple[str, object], list[Function]]:
        index: dict[tuple[str, object], list[Function]] = {}
        for function in self.functions.values():
            index.setdefault((function.resource.scope, same_as(function.resource.arn)), []).append(function)
        return index

    @cached_property
    def _roles_by_arn(self) -> dict[tuple[str, object], list[Role]]:
        index: dict[tuple[str, object], list[Role]] = {}
        for role in self.roles.values():
            index.setdefault((role.resource.scope, same_as(role.resource.arn)), []).append(role)
        return index

    @cached_property
    def _targets_by_arn(self) -> dict[tuple[str, object], list[Target]]:
        index: dict[tuple[str, object], list[Target]] = {}
        for target in self.targets:
            index.setdefault((target.resource.scope, same_as(target.resource.arn)), []).append(target)
        return index

    @cached_property
    def _users(self) -> dict[str, tuple[Function, ...]]:
        return {role.resource.key or role.resource.address: users for role, users in self.execution_roles}

    @cached_property
    def _invokers(self) -> dict[str, dict[str, tuple[Invoker, ...]]]:
        index: dict[str, dict[str, list[Invoker]]] = {}
        for invoker in self.invokers:
            called = self.called_by(invoker)
            if called is not None:
                for kind in (invoker.kind, ""):
                    index.setdefault(kind, {}).setdefault(called[0].resource.key, []).append(invoker)
        return {kind: {key: tuple(found) for key, found in by_key.items()} for kind, by_key in index.items()}

    @cached_property
    def _alarms(self) -> AlarmIndex:
        return AlarmIndex(self.alarms, self.functions)

    @cached_property
    def _unattributed(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, Unknown) and isinstance(permission.function_name, Unknown):
                index.setdefault(permission.resource.scope, []).append(permission)
        return {scope: tuple(found) for scope, found in index.items()}

    @cached_property
    def _permissions_by_function(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, str):
                index.setdefault(permission.function, []).append(permission)
        return {key: tuple(found) for key, found in index.items()}


def _function_and_qualifier(arn: Text) -> tuple[Text, Text]:
    """An ARN without the qualifier at its end, and this; both empty where it is no function's."""
    parts = text_parts(arn, 8)
    if parts is None or len(parts) < 7:
        return "", ""
    *start, name = parts[:7]
    qualifier = parts[7] if len(parts) > 7 else ""
    *known, last = parts_of(name)
    if isinstance(last, Following):
        name, qualifier = text(*known), last
    return text(*(piece for part in start for piece in (part, ":")), name), qualifier
