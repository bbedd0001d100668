"""The collector: what the selected rules need of an account, in as few calls as AWS allows.

Listings first, every region at once: functions and roles; then mappings and the parts that the rules need, where there
are functions that they may concern. Then what is asked for one by one: policies by function and by the aliases and
versions that something calls, roles that no listing has. Last the parts that need to know all that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rolecall.live import cloudfront, iam, lambda_
from rolecall.live.calls import Aws, Problem, Progress, Unread
from rolecall.live.config_policies import NOTHING, Recorded, recorded_policies
from rolecall.live.details import other_functions, read_details
from rolecall.live.event_source_mappings import Mappings, list_event_source_mappings
from rolecall.live.late import with_late_parts
from rolecall.live.needs import EDGE_ASSOCIATIONS, EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLE_POLICIES, ROLES
from rolecall.live.parts import ControlPolicies, EdgeAssociation, Named, Part, lacking, read_part
from rolecall.live.place import Place, account_resource
from rolecall.live.policies import Policies, called, read_again, read_policies, what_they_say
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
    recorded: of policies that come from AWS Config, of which functions (keys), when they were captured, and why others
        do not.
    """

    inventory: Inventory
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    calls: Mapping[str, int]
    recorded: Recorded = NOTHING


Doubt = Callable[[Inventory], Collection[str]]
"""Given what was read, the keys of functions."""


def collect(  # noqa: PLR0913 (all but the first by name)
    session: Any,
    *,
    account: str,
    partition: str,
    regions: Sequence[str],
    needs: Collection[str],
    wanted: Callable[[str], bool] | None = None,
    progress: Progress | None = None,
    policies_from_config: Doubt | None = None,
) -> Collected:
    """Read an account.

    session: a ``boto3.Session``. account, partition: those the session's credentials belong to.
    regions: where to look for functions. needs: of ``rolecall.live.needs``. wanted: given a function's ARN, whether to
    look at it; all by default. progress: called as ``progress("lambda:GetPolicy", done, total)``.
    policies_from_config: take functions' policies from AWS Config where it has them. Called with what was read, gives
    the keys of the functions whose policy Lambda must confirm.
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
    policies, recorded = Policies(), NOTHING
    if FUNCTION_POLICIES in needs:
        recorded = recorded_policies(aws, places, functions.values()) if policies_from_config else NOTHING
        policies = read_policies(aws, places, known, called(known), recorded)
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

    def complete(inventory: Inventory) -> Inventory:
        return with_policy_sources(aws, places, needs, with_late_parts(aws, places, needs, inventory))

    inventory, recorded = _without_doubt(aws, places, inventory, complete, recorded, policies_from_config)
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
        recorded,
    )


def _without_doubt(
    aws: Aws,
    places: Mapping[str, Place],
    inventory: Inventory,
    complete: Callable[[Inventory], Inventory],
    recorded: Recorded,
    doubt: Doubt | None,
) -> tuple[Inventory, Recorded]:
    """The inventory completed, with policies from AWS Config only where there is no doubt about them.

    One call for each doubt; what is read last is read once more only where a policy turns out to be another one.
    """
    completed = complete(inventory)
    while doubt and recorded.records and (doubted := recorded.records.keys() & doubt(completed)):
        recorded = recorded.without(doubted, "a rule fails")
        again = read_again(aws, places, inventory, doubted)
        if what_they_say(again) != what_they_say(inventory):
            inventory, completed = again, complete(again)
    return completed, recorded


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
    """All that comes in pages: functions of every region and what there is once in an account; then what there is in
    each region, where there are functions that it may concern.
    """
    parts = parts_named(needs)
    tasks: _Tasks = {
        ("functions", region): partial(lambda_.list_functions, place, wanted) for region, place in places.items()
    }
    first = next(iter(places.values()), None)
    if first and (ROLES in needs or ROLE_POLICIES in needs):
        tasks["roles", ""] = partial(iam.list_roles, first, policies=ROLE_POLICIES in needs)
    tasks.update(_reading(parts, [first] if first else [], lambda part: not part.regional))
    results = _done(aws, "listings", tasks)
    functions = {region: results["functions", region] for region in places}
    used = [place for region, place in places.items() if functions[region][0]]
    tasks = _reading(parts, used, lambda part: part.regional and not part.abroad)
    tasks.update(_reading(parts, places.values() if used else (), lambda part: part.regional and part.abroad))
    if EVENT_SOURCE_MAPPINGS in needs:
        tasks.update({("mappings", place.region): partial(list_event_source_mappings, place) for place in used})
    results.update(_done(aws, "listings of regions", tasks))
    not_read = Unknown("event source mappings were not read")
    return _Listings(
        functions=functions,
        mappings={region: results.get(("mappings", region), not_read) for region in places},
        roles=results.get(("roles", "")),
        parts=_joined(parts, places, results),
    )


_Tasks = dict[tuple[str, str], Callable[[], Any]]
"""By part and region."""


def _reading(parts: Iterable[Part], places: Iterable[Place], which: Callable[[Part], bool]) -> _Tasks:
    there = list(places)
    return {
        (part.name, place.region): partial(read_part, part, partial(part.read, place))
        for part in filter(which, parts)
        for place in there
    }


def _done(aws: Aws, what: str, tasks: _Tasks) -> dict[tuple[str, str], Any]:
    return aws.in_parallel(what, lambda task: tasks[task](), list(tasks))


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
