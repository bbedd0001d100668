"""The collector: what the selected rules need of an account, in as few calls as AWS allows.

Roles cost pages, not calls per function. Calls per function are made only for policies, and per distinct role only to
confirm one that the listing does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rolecall.live import iam, lambda_
from rolecall.live.calls import Aws, Problem, Progress, Unread
from rolecall.live.needs import EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLES
from rolecall.model import Inventory, Permission, Role, RoleReference
from rolecall.unknown import Unknown


@dataclass(frozen=True)
class Collected:
    """An account as far as it could be read.

    problems: listings that failed, so that functions are missing from the inventory; whoever reports must report them.
    unread: what else was needed and not told, a line for each reason: "lambda:GetPolicy was denied (3 times)".
    calls: how many calls were made, by IAM action.
    """

    inventory: Inventory
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    calls: Mapping[str, int]


def collect(
    session: Any,
    *,
    account: str,
    partition: str,
    regions: Sequence[str],
    needs: Collection[str],
    wanted: Callable[[str], bool] | None = None,
    progress: Progress | None = None,
) -> Collected:
    """Read an account.

    session: a ``boto3.Session``. account, partition: those the session's credentials belong to.
    regions: where to look for functions. needs: of ``rolecall.live.needs``. wanted: given a function's ARN, whether to
    look at it; all by default. progress: called as ``progress("lambda:GetPolicy", done, total)``.
    Raises nothing for what AWS answers: see ``Collected.problems`` and the ``Unknown`` values of the inventory.
    """
    aws = Aws(session, progress)
    read = _read_listings(aws, regions, needs, wanted)
    names = {f["Role"] for functions, _ in read.functions.values() for f in functions if f.get("Role")}
    references = _resolve(aws, regions, account, names, read.roles)
    functions = {
        configuration["FunctionArn"]: lambda_.function_of(
            configuration,
            region,
            partition,
            references.get(configuration.get("Role", ""), _NO_ROLE),
            read.mappings[region],
        )
        for region, (configurations, _) in sorted(read.functions.items())
        for configuration in sorted(configurations, key=lambda f: str(f["FunctionArn"]))
    }
    permissions: list[Permission] = []
    unread = {}
    if FUNCTION_POLICIES in needs:
        policies = aws.in_parallel(
            "lambda:GetPolicy", lambda key: lambda_.get_policy(aws, functions[key]), list(functions)
        )
        for key in functions:
            policy = policies[key]
            if isinstance(policy, Unknown):
                unread[key] = policy
            else:
                permissions += policy
    return Collected(
        Inventory(
            framework="live",
            functions=functions,
            roles={**(read.roles.by_arn if read.roles else {}), **_confirmed(references)},
            permissions=tuple(permissions),
            unread_policies=unread,
        ),
        tuple(problem for _, problem in read.functions.values() if problem),
        _unread([*(reference.role for reference in references.values()), *read.mappings.values(), *unread.values()]),
        Counter(aws.calls),
    )


def _unread(values: Iterable[object]) -> tuple[str, ...]:
    reasons = Counter(value.reason for value in values if isinstance(value, Unread))
    return tuple(f"{reason} ({count} times)" if count > 1 else reason for reason, count in sorted(reasons.items()))


_NOT_NAMED = Unknown("lambda:ListFunctions did not name it")
_NO_ROLE = RoleReference(_NOT_NAMED, _NOT_NAMED)


@dataclass(frozen=True)
class _Listings:
    functions: Mapping[str, tuple[list[dict[str, Any]], Problem | None]]
    mappings: Mapping[str, lambda_.Mappings]
    roles: iam.RoleListing | None


def _read_listings(
    aws: Aws, regions: Sequence[str], needs: Collection[str], wanted: Callable[[str], bool] | None
) -> _Listings:
    """All that comes in pages, every region and IAM at once."""
    tasks: dict[tuple[str, str], Callable[[], Any]] = {}
    for region in regions:
        tasks["functions", region] = partial(lambda_.list_functions, aws, region, wanted)
        if EVENT_SOURCE_MAPPINGS in needs:
            tasks["mappings", region] = partial(lambda_.list_event_source_mappings, aws, region)
    if ROLES in needs and regions:
        tasks["roles", ""] = partial(iam.list_roles, aws, regions[0])
    results = aws.in_parallel("listings", lambda task: tasks[task](), list(tasks))
    not_read = Unknown("event source mappings were not read")
    return _Listings(
        functions={region: results["functions", region] for region in regions},
        mappings={region: results.get(("mappings", region), not_read) for region in regions},
        roles=results.get(("roles", "")),
    )


def _resolve(
    aws: Aws, regions: Sequence[str], account: str, arns: Collection[str], listing: iam.RoleListing | None
) -> dict[str, RoleReference]:
    """Each role ARN with the role behind it, none, or why that is not known."""
    references: dict[str, RoleReference] = {}
    missing = []
    for arn in sorted(arns):
        fault = iam.lookup_fault(arn, account)
        role = listing.by_arn.get(arn) if listing else None
        if fault or listing is None:
            references[arn] = RoleReference(arn, Unknown(fault or "the account's roles were not read"))
        elif role is not None:
            references[arn] = RoleReference(arn, role, "found by GetAccountAuthorizationDetails")
        else:
            missing.append(arn)
    if listing is not None and missing:
        references.update(
            aws.in_parallel("iam:GetRole", lambda arn: iam.confirm(aws, regions[0], arn, listing), missing)
        )
    return references


def _confirmed(references: Mapping[str, RoleReference]) -> dict[str, Role]:
    """Roles that the listing lacked and GetRole found."""
    found = (reference.role for reference in references.values())
    return {role.resource.key: role for role in found if isinstance(role, Role)}
