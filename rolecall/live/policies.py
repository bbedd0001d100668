"""The resource-based policies of functions, and of the aliases and versions of them that something calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from rolecall.live import lambda_
from rolecall.live.calls import Aws
from rolecall.live.config_policies import NOTHING, Recorded
from rolecall.live.place import Place
from rolecall.model import Inventory, Permission
from rolecall.unknown import Unknown

Qualified = tuple[str, str]
"""The key of a function, and an alias or a version of it; ``""`` for the function itself."""


@dataclass(frozen=True)
class Policies:
    """Statements of functions' policies. unread: by function key, where the function's own could not be read.

    gone: keys of functions that were deleted since they were listed.
    """

    statements: list[Permission] = field(default_factory=list)
    unread: dict[str, Unknown] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def called(inventory: Inventory) -> dict[Qualified, None]:
    """Every function, and each alias and version that an invoker names."""
    named = dict.fromkeys((key, "") for key in inventory.functions)
    for invoker in inventory.invokers:
        found = inventory.called_by(invoker)
        if found and isinstance(found[1], str):
            named[found[0].resource.key, found[1]] = None
    return named


def read_policies(
    aws: Aws,
    places: Mapping[str, Place],
    inventory: Inventory,
    wanted: Collection[Qualified],
    recorded: Recorded = NOTHING,
) -> Policies:
    """The policies that are wanted of an inventory's functions. recorded: policies of functions that take no call.

    A function that something is wired to should have a policy: is it still there, if it has none?
    """
    functions = inventory.functions

    def read(of: Qualified) -> tuple[Permission, ...] | Unknown | None:
        function = functions[of[0]]
        place = places[str(function.resource.region)]
        policy = lambda_.get_policy(place, function.resource, of[1])
        if policy or of[1] or not inventory.invokers_of(function, ""):
            return policy
        again = lambda_.now(place, str(function.resource.name))
        return again if again is None or isinstance(again, Unknown) else policy

    told = {of: recorded.records[of[0]].statements for of in wanted if not of[1] and of[0] in recorded.records}
    answers = {**told, **aws.in_parallel("lambda:GetPolicy", read, [of for of in wanted if of not in told])}
    policies = Policies()
    for key, qualifier in wanted:
        policy, resource = answers[key, qualifier], functions[key].resource
        if policy is None:
            policies.gone.add(key)
        elif not isinstance(policy, Unknown):
            policies.statements.extend(policy)
        elif qualifier:
            policies.statements.append(Permission(resource, key, resource.name, qualifier, policy))
        else:
            policies.unread[key] = policy
    return policies


def what_they_say(inventory: Inventory) -> tuple[object, ...]:
    """All that functions' policies tell, to be compared."""
    statements = [(one.function, one.qualifier, one.statement) for one in inventory.permissions]
    return list(inventory.functions), inventory.unread_policies, statements


def read_again(aws: Aws, places: Mapping[str, Place], inventory: Inventory, keys: Collection[str]) -> Inventory:
    """The inventory with the policies of some functions as Lambda tells them now."""
    wanted = [(key, "") for key in inventory.functions if key in keys]
    policies = read_policies(aws, places, inventory, wanted)
    order = {key: number for number, key in enumerate(inventory.functions)}

    def place(permission: Permission) -> int:
        """Functions' own statements stand first, by function."""
        return len(order) if permission.qualifier else order[str(permission.function)]

    kept = (one for one in inventory.permissions if one.qualifier or one.function not in keys)
    return replace(
        inventory,
        functions={key: function for key, function in inventory.functions.items() if key not in policies.gone},
        permissions=tuple(sorted((*kept, *policies.statements), key=place)),
        unread_policies={**inventory.unread_policies, **policies.unread},
    )
