"""The collector: what the selected rules need of an account, in as few calls as AWS allows.

Listings first, every region at once: functions, mappings, roles, and the parts that the rules need. Then what is asked
for one by one: policies by function and by the aliases and versions that something calls, roles that no listing has.
Last the parts that need to know all that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rolecall.live import cloudfront, iam, lambda_
from rolecall.live.calls import Aws, Problem, Progress, Unread
from rolecall.live.details import other_functions, read_details
from rolecall.live.event_source_mappings import Mappings, list_event_source_mappings
from rolecall.live.late import with_late_parts
from rolecall.live.needs import EDGE_ASSOCIATIONS, EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLE_POLICIES, ROLES
from rolecall.live.parts import ControlPolicies, EdgeAssociation, Named, Part, lacking, read_part
from rolecall.live.place import Place, account_resource
from rolecall.live.policies import Policies, called, invoked, read_policies
from rolecall.live.policy_sources import with_policy_sources
from rolecall.live.roles import confirmed, execution_roles, resolve, roles_of_invokers
from rolecall.live.services import parts_named
from rolecall.model import Alarm, Document, EventRule, Inventory, Invoker, Trail
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
    places = {region: Place(aws, account, partition, region) for region in regions}
    read = _read_listings(aws, places, needs, wanted)
    listed = {region: functions for region, (functions, _) in sorted(read.functions.items())}
    execution = execution_roles(aws, places, listed, read.roles)
    at_edge = frozenset(read.parts.of(EdgeAssociation))
    not_read = None if EDGE_ASSOCIATIONS in needs else Unknown("CloudFront associations were not read")
    functions = {
        configuration["FunctionArn"]: lambda_.function_of(
            configuration,
            places[region],
            execution.of(configuration),
            read.mappings[region],
            cloudfront.runs_at_edge(
                configuration, region, at_edge, read.parts.unread.get((EDGE_ASSOCIATIONS, region), not_read)
            ),
        )
        for region, configurations in execution.functions.items()
        for configuration in sorted(configurations, key=lambda f: str(f["FunctionArn"]))
    }
    problems = tuple(problem for _, problem in read.functions.values() if problem)
    unread = {**read.parts.unread, **other_functions(problems, wanted is not None)}
    known = Inventory("live", functions, invokers=read.parts.of(Invoker), unread=unread)
    roles = roles_of_invokers(known) - execution.references.keys() if read.roles else ()
    references = {**execution.references, **resolve(aws, places, roles, read.roles)}
    details = read_details(aws, places, known, read.parts.of(Named), needs)
    policies = Policies()
    if FUNCTION_POLICIES in needs:
        policies = read_policies(aws, places, functions, called(known), invoked(known))
    inventory = Inventory(
        framework="live",
        functions={key: function for key, function in details.functions.items() if key not in policies.gone},
        roles={**(read.roles.by_arn if read.roles else {}), **confirmed(references)},
        role_references=references,
        permissions=tuple(policies.statements),
        unread_policies=policies.unread,
        invokers=known.invokers,
        targets=details.targets,
        alarms=read.parts.of(Alarm),
        event_rules=read.parts.of(EventRule),
        trails=read.parts.of(Trail),
        unread=unread,
        account=account_resource(account, partition, next(iter(regions), "")),
        service_control_policies=_levels(read.parts),
    )
    inventory = with_late_parts(aws, places, needs, inventory)
    inventory = with_policy_sources(aws, places, needs, inventory)
    return Collected(
        inventory,
        problems,
        _unread(
            [
                *(reference.role for reference in references.values()),
                *execution.unsure.values(),
                *read.mappings.values(),
                *inventory.unread_policies.values(),
                *(permission.statement for permission in inventory.permissions),
                *(permission.source for permission in inventory.permissions),
                *inventory.unread.values(),
                *details.unread,
            ]
        ),
        Counter(aws.calls),
    )


def _unread(values: Iterable[object]) -> tuple[str, ...]:
    reasons = Counter(value.reason for value in values if isinstance(value, Unread))
    return tuple(f"{reason} ({count} times)" if count > 1 else reason for reason, count in sorted(reasons.items()))


@dataclass(frozen=True)
class _Parts:
    """What the parts gave. unread: by part and region, ``""`` for all regions, why it was not read to its end."""

    found: list[Any] = field(default_factory=list)
    unread: dict[tuple[str, str], Unknown] = field(default_factory=dict)

    def of(self, kind: type) -> tuple[Any, ...]:
        return tuple(item for item in self.found if isinstance(item, kind))


def _levels(parts: _Parts) -> tuple[tuple[Document, ...], ...] | Unknown:
    """The service control policies by level, the root's first."""
    levels = sorted(parts.of(ControlPolicies), key=lambda policies: policies.level)
    unread = parts.unread.get(("service_control_policies", ""))
    if unread is not None:
        return unread
    return tuple(policies.documents for policies in levels)


@dataclass(frozen=True)
class _Listings:
    functions: Mapping[str, tuple[list[lambda_.Configuration], Problem | None]]
    mappings: Mapping[str, Mappings]
    roles: iam.RoleListing | None
    parts: _Parts


def _read_listings(
    aws: Aws, places: Mapping[str, Place], needs: Collection[str], wanted: lambda_.Wanted | None
) -> _Listings:
    """All that comes in pages, every region and IAM at once."""
    tasks: dict[tuple[str, str], Callable[[], Any]] = {}
    for region, place in places.items():
        tasks["functions", region] = partial(lambda_.list_functions, place, wanted)
        if EVENT_SOURCE_MAPPINGS in needs:
            tasks["mappings", region] = partial(list_event_source_mappings, place)
    first = next(iter(places.values()), None)
    if first and (ROLES in needs or ROLE_POLICIES in needs):
        tasks["roles", ""] = partial(iam.list_roles, first, policies=ROLE_POLICIES in needs)
    parts = parts_named(needs)
    for part in parts:
        for place in places.values() if part.regional else [first] if first else []:
            tasks[part.name, place.region] = partial(read_part, part, partial(part.read, place))
    results = aws.in_parallel("listings", lambda task: tasks[task](), list(tasks))
    not_read = Unknown("event source mappings were not read")
    return _Listings(
        functions={region: results["functions", region] for region in places},
        mappings={region: results.get(("mappings", region), not_read) for region in places},
        roles=results.get(("roles", "")),
        parts=_joined(parts, places, results),
    )


def _joined(parts: Iterable[Part], places: Mapping[str, Place], results: Mapping[tuple[str, str], list[Any]]) -> _Parts:
    joined = _Parts()
    for part in parts:
        for region in places:
            items = results.get((part.name, region), [])
            joined.found.extend(item for item in items if not isinstance(item, Unknown))
            unread = lacking(items, region)
            if unread:
                where = region if part.regional and not part.abroad else ""
                joined.unread.setdefault((part.name, where), unread)
    return joined
