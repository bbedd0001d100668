"""The roles that functions and invokers name: each found, missing, or not known.

Listings lag, and functions and roles go while an account is read: a role that the listing lacks is asked for by name,
and a function whose role is missing is asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rolecall.live import iam, lambda_
from rolecall.live.calls import Aws, Unread
from rolecall.live.place import Place
from rolecall.model import Inventory, Role, RoleReference
from rolecall.unknown import Unknown

Listed = Mapping[str, list[lambda_.Configuration]]
"""Functions by region."""

_NOT_NAMED = Unknown("lambda:ListFunctions did not name it")
_NO_ROLE = RoleReference(_NOT_NAMED, _NOT_NAMED)


@dataclass(frozen=True)
class ExecutionRoles:
    """functions: those that are still there. references: by ARN. unsure: by function ARN, why a function whose role is
    missing may be gone, or have another role by now.
    """

    functions: Listed
    references: Mapping[str, RoleReference]
    unsure: Mapping[str, Unread]

    def of(self, configuration: lambda_.Configuration) -> RoleReference:
        unsure = self.unsure.get(configuration["FunctionArn"])
        reference = self.references.get(configuration.get("Role", ""), _NO_ROLE)
        return reference if unsure is None else RoleReference(reference.arn, unsure)


def execution_roles(
    aws: Aws, places: Mapping[str, Place], listed: Listed, roles: iam.RoleListing | None
) -> ExecutionRoles:
    """Each function's role. roles: ``None`` where no rule needs them."""
    references = resolve(aws, places, _names(listed), roles)
    missing = {arn for arn, reference in references.items() if reference.role is None}
    doubtful = [
        (region, str(configuration["FunctionArn"]))
        for region, configurations in listed.items()
        for configuration in configurations
        if configuration.get("Role") in missing
    ]
    now = aws.in_parallel("functions without a role", lambda at: lambda_.now(places[at[0]], at[1]), doubtful)

    def still_there(region: str) -> Iterator[lambda_.Configuration]:
        for configuration in listed[region]:
            again = now.get((region, str(configuration["FunctionArn"])), configuration)
            if again is not None:
                yield configuration if isinstance(again, Unread) else {**configuration, **again}

    current = {region: list(still_there(region)) for region in listed}
    others = resolve(aws, places, _names(current) - references.keys(), roles)
    unsure = {arn: again for (_, arn), again in now.items() if isinstance(again, Unread)}
    return ExecutionRoles(current, {**references, **others}, unsure)


def _names(listed: Listed) -> set[str]:
    return {f["Role"] for configurations in listed.values() for f in configurations if f.get("Role")}


def roles_of_invokers(inventory: Inventory) -> set[str]:
    """The ARNs of the roles with which functions of this account are called."""
    calling = (invoker for invoker in inventory.invokers if inventory.called_by(invoker))
    return {role for invoker in calling for role in (invoker.role, invoker.through) if isinstance(role, str)}


def resolve(
    aws: Aws, places: Mapping[str, Place], arns: Collection[str], listing: iam.RoleListing | None
) -> dict[str, RoleReference]:
    """Each role ARN with the role behind it, none, or why that is not known."""
    place = next(iter(places.values()), None)
    references: dict[str, RoleReference] = {}
    missing = []
    for arn in sorted(arns):
        fault = iam.lookup_fault(arn, place.account if place else "")
        role = listing.by_arn.get(arn) if listing else None
        if fault or listing is None:
            references[arn] = RoleReference(arn, Unknown(fault or "the account's roles were not read"))
        elif role is not None:
            references[arn] = RoleReference(arn, role, "found by GetAccountAuthorizationDetails")
        else:
            missing.append(arn)
    if place is not None and listing is not None and missing:
        references.update(aws.in_parallel("iam:GetRole", lambda arn: iam.confirm(place, arn, listing), missing))
    return references


def confirmed(references: Mapping[str, RoleReference]) -> dict[str, Role]:
    """Roles that the listing lacked and GetRole found."""
    found = (reference.role for reference in references.values())
    return {role.resource.key: role for role in found if isinstance(role, Role)}
