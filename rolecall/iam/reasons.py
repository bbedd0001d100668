"""Why a request was decided as it was, for a reader: the deciding statements, or what came nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rolecall.iam.applied import Applied, Side, admission, label
from rolecall.iam.caller import Kind, Reach
from rolecall.iam.document import Policy
from rolecall.iam.request import Asked
from rolecall.iam.statement import Statement
from rolecall.unknown import Text, Unknown

_MOST = 5  # statements, or values of a statement, that are listed


def of_explicit_deny(denies: Iterable[Applied], asked: Asked) -> tuple[str, ...]:
    return tuple(f"{found.label} denies {asked.request.action}" for found in denies)


def of_allow(sides: Iterable[Side], asked: Asked) -> tuple[str, ...]:
    allows = tuple(
        f"{found.label} allows {asked.request.action}" for side in sides for found in side.applied if found.allows()
    )
    return allows or ("the root of an account needs no policy in it",)


def of_unknown(asked: Asked, sides: Iterable[Side]) -> tuple[str, ...]:
    """Every statement of which it is not known whether it applies, and what is missing to know it."""
    found = [
        f"{applied.label}: {'; '.join(_questions(applied, asked, side.of_resource))}"
        for side in sides
        for applied in side.applied
        if not side.perhaps and (applied.outcome is None or isinstance(applied.statement.effect, Unknown))
    ]
    found += [f"whether the {side.name} applies to the caller is not known" for side in sides if side.perhaps]
    if asked.needs_resource_policy is None:
        found.append("whether the request is for a key, whose policy has to allow it, is not known")
    if asked.caller.kind is Kind.UNKNOWN and isinstance(asked.request.principal, Unknown):
        found.append(f"the caller is not known: {asked.request.principal.reason}")
    elif asked.caller.is_iam and asked.same_account is None:
        accounts = f"the caller, of account {asked.caller.account}, and the resource, of account {asked.owner}"
        found.append(f"whether {accounts}, belong to one account is not known")
    return tuple(found) or tuple(
        f"{applied.label}: whether {applied.statement.principals} names the caller itself is not known"
        for side in sides
        for applied in side.applied
        if None in applied.admitted.values()
    )


def of_denial(
    asked: Asked, identity: Side, resource: Side, limits: Sequence[Side], guards: Sequence[Side]
) -> tuple[str, ...]:
    """The sides that had to allow the request and do not: of each, the statements that came nearest."""
    lacking = [side for side in _grantors(asked, identity, resource) if side.allows() is False]
    lacking += [side for side in (*limits, *guards) if side.allows() is False]
    found = [reason for side in lacking for reason in _nearest(asked, side)]
    found += [
        f"{applied.label} leaves it to the identity policies: it names the account"
        for applied in resource.applied
        if applied.allows() and identity in lacking and applied.reach is Reach.ACCOUNT
    ]
    if asked.caller.is_iam and asked.same_account is False:
        found.append("the request crosses accounts: the caller's policies and the resource's both have to allow it")
    if asked.caller.kind is Kind.ROOT and not found:
        found.append("the root user of an account can assume no role")
    if asked.caller.kind is Kind.FEDERATED_USER and not found:
        found.append("a federated user's session has only what its session policy allows, and it has none")
    return tuple(found)


def _grantors(asked: Asked, identity: Side, resource: Side) -> list[Side]:
    """The sides of which one (in one account) or each (across accounts) could have granted the request."""
    if not asked.caller.is_iam:
        return [resource]
    if asked.caller.kind is Kind.ROOT:
        return [resource] if asked.same_account is False or asked.needs_resource_policy else []
    if asked.same_account is False:
        return [identity, resource]
    if asked.needs_resource_policy:
        return [resource] if resource.allows() is False else [identity]
    return [identity, resource] if resource.policies and resource.allows() is False else [identity]


def _nearest(asked: Asked, side: Side) -> list[str]:
    """The allowing statements that came nearest, each with what kept it from applying: fewest obstacles first."""
    misses = [
        (len(obstacles), f"{label(policy, statement)}{_joined(obstacles)}")
        for policy in side.policies
        for statement in policy.statements
        if statement.effect == "Allow" and (obstacles := _obstacles(policy, statement, asked, side.of_resource))
    ]
    fewest = min((count for count, _ in misses), default=0)
    nearest = [text for count, text in misses if count == fewest]
    if not nearest:
        return [f"no {side.name} allows {asked.request.action}"]
    more = len(nearest) - _MOST
    return nearest[:_MOST] + ([f"and {more} more statements of the {side.name}"] if more > 0 else [])


def _obstacles(policy: Policy, statement: Statement, asked: Asked, of_resource: bool) -> list[str]:
    """What keeps a statement from applying."""
    variables = policy.variables is not False
    found = []
    if statement.covers_action(asked.action) is False:
        found.append(f"covers {_listing(statement.actions, statement.not_action)}, not {asked.request.action}")
    if not admission(statement, asked, of_resource):
        found.append(f"admits {statement.principals or 'nobody'} only")
    if statement.covers_resource(asked.resource, asked.context, variables) is False:
        found.append(f"covers {_listing(statement.resources or (), statement.not_resource)}, not {asked.resource}")
    found += [
        condition.describe(asked.context)
        for condition in statement.conditions
        if not isinstance(condition, Unknown) and condition.holds(asked.context, variables) is False
    ]
    return found


def _questions(applied: Applied, asked: Asked, of_resource: bool) -> list[str]:
    """What is missing to know whether a statement applies."""
    statement, variables = applied.statement, applied.policy.variables is not False
    if statement.unknown is not None:
        return [statement.unknown.reason]
    found = []
    if statement.covers_action(asked.action) is None:
        found.append(f"whether {_listing(statement.actions, statement.not_action)} covers {asked.request.action}")
    if True not in admission(statement, asked, of_resource).values():
        found.append(f"whether {statement.principals} covers {asked.request.principal}")
    if statement.covers_resource(asked.resource, asked.context, variables) is None:
        resources = _listing(statement.resources or (), statement.not_resource)
        found.append(f"whether {resources} covers {asked.resource}")
    found = [f"{question} is not known" for question in found]
    for condition in statement.conditions:
        if isinstance(condition, Unknown):
            found.append(condition.reason)
        elif condition.holds(asked.context, variables) is None:
            found.append(condition.describe(asked.context))
    if isinstance(statement.effect, Unknown):
        found.append(statement.effect.reason)
    return found or ["which version of the policy language it is written in is not known"]


def _joined(obstacles: Sequence[str]) -> str:
    return (": " if obstacles[0].startswith("condition") else " ") + "; ".join(obstacles)


def _listing(values: Sequence[Text], negated: bool) -> str:
    more = f" and {len(values) - _MOST} more" if len(values) > _MOST else ""
    return f"{'all but ' if negated else ''}{', '.join(map(str, values[:_MOST]))}{more}"
