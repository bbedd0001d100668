"""What a role's trust policy becomes, for the remediations of the rules on trust.

In an account the policy is known, and what is right in it stays. For code it is written anew: its author knows what
else the role is for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rolecall.model import Function, Role
from rolecall.rules.execution_role import trust_policy
from rolecall.rules.trust import policy_services

_LAMBDA = Function.service_principal
_SOURCE_ACCOUNT = "aws:SourceAccount"


def without(role: Role, goes: Callable[[str, str], bool]) -> str:
    """The trust policy without some principals, as compact JSON; it admits Lambda in any case.

    goes: given a kind of principal (``AWS``, ``Service``, ``Federated``) and its value, whether it is taken out. What
    an Allow with NotPrincipal admits cannot be told apart: the statement goes.
    """
    if role.resource.framework != "live":
        return trust_policy(_LAMBDA)
    kept = [left for statement in _statements(role) if (left := _without(statement, goes)) is not None]
    if not any(_LAMBDA in _named(statement, "Service") for statement in kept if statement.get("Effect") == "Allow"):
        kept += json.loads(trust_policy(_LAMBDA))["Statement"]
    return _document(role, kept)


def restricted(role: Role) -> str:
    """The trust policy in which every statement that admits Lambda does so for the role's own account, as JSON."""
    account = role.resource.account if isinstance(role.resource.account, str) else "ACCOUNT_ID"
    live = role.resource.framework == "live"
    statements = list(_statements(role)) if live else json.loads(trust_policy(_LAMBDA))["Statement"]
    return _document(role, [left for statement in statements for left in _restricted(statement, account)])


def admitting(role: Role, services: Sequence[str], admits: Callable[[str], bool]) -> str:
    """The trust policy that admits services as well, which it does not yet, as JSON.

    admits: whether a policy does. Statements that name the services, and do not let them in, lose them, but for what
    holds Lambda to an account; those that deny it to them go, if nothing less helps.
    """
    if role.resource.framework != "live":
        return _written_anew(role, services)
    given = list(_statements(role))
    named = [statement for statement in given if set(services) & set(_named(statement, "Service"))]
    added = json.loads(trust_policy(*services))["Statement"]
    if any(_SOURCE_ACCOUNT.lower() in json.dumps(statement).lower() for statement in named):
        added = [
            {**statement, "Condition": {"StringEquals": {_SOURCE_ACCOUNT: role.resource.account}}}
            for statement in added
        ]
    kept = [
        left for statement in given if (left := _without(statement, lambda _, value: value in services)) is not None
    ]
    allowing = [statement for statement in kept if statement.get("Effect") == "Allow"]
    ways = (_document(role, [*statements, *added]) for statements in (kept, allowing))
    return next(filter(admits, ways), None) or _written_anew(role, services)


def _written_anew(role: Role, services: Sequence[str]) -> str:
    return trust_policy(_LAMBDA, *services, *policy_services(role))


def _restricted(statement: Mapping[str, Any], account: str) -> Iterator[Mapping[str, Any]]:
    """The statement, with Lambda in one of its own where it admits others as well: they may send no account."""
    services = _named(statement, "Service")
    if statement.get("Effect") != "Allow" or _LAMBDA not in services:
        yield statement
        return
    others = _without(statement, lambda kind, value: (kind, value) == ("Service", _LAMBDA))
    if others is not None:
        yield others
    conditions = dict(statement.get("Condition") or {})
    conditions["StringEquals"] = {**(conditions.get("StringEquals") or {}), _SOURCE_ACCOUNT: account}
    own = {key: value for key, value in statement.items() if key != "Sid" or others is None}
    yield {**own, "Principal": {"Service": _LAMBDA}, "Condition": conditions}


def _document(role: Role, statements: list[Mapping[str, Any]]) -> str:
    version = role.trust_policy.get("Version") if isinstance(role.trust_policy, Mapping) else None
    return json.dumps({"Version": version if isinstance(version, str) else "2012-10-17", "Statement": statements})


def _statements(role: Role) -> Iterator[Mapping[str, Any]]:
    given = role.trust_policy.get("Statement") if isinstance(role.trust_policy, Mapping) else None
    for statement in given if isinstance(given, list) else [given]:
        if isinstance(statement, Mapping):
            yield statement


def _without(statement: Mapping[str, Any], goes: Callable[[str, str], bool]) -> Mapping[str, Any] | None:
    """The statement without some principals; ``None`` when none is left."""
    if statement.get("Effect") != "Allow":
        return statement
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):  # "*", or a NotPrincipal
        return None if principal is None or goes("AWS", str(principal)) else statement
    left = {kind: [value for value in _listed(values) if not goes(kind, value)] for kind, values in principal.items()}
    left = {kind: values for kind, values in left.items() if values}
    short = {kind: values[0] if len(values) == 1 else values for kind, values in left.items()}
    return {**statement, "Principal": short} if short else None


def _named(statement: Mapping[str, Any], kind: str) -> list[str]:
    principal = statement.get("Principal")
    return _listed(principal.get(kind)) if isinstance(principal, Mapping) else []


def _listed(values: Any) -> list[str]:
    return [value for value in (values if isinstance(values, list) else [values]) if isinstance(value, str)]
