"""What the rules on trust policies have in common: may a service get the role's credentials?

Whoever uses a role (a function, a schedule, a state machine) does so by a service that assumes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from rolecall.iam import Decision, MayBeAbsent, Request, evaluate
from rolecall.iam.caller import Reach
from rolecall.model import Role
from rolecall.unknown import Text, Tri, Unknown, same_as

_DEEPEST = 40
_ANY_TIME = Unknown("the rule does not depend on when it runs")
_ORGANIZATION = MayBeAbsent("the organization of what uses the role is not known")


@cache
def _untold(service: str) -> MayBeAbsent:
    return MayBeAbsent(f"whether {service} sends it is not documented")


def assumption(
    service: str, role: Role, region: Text, *, account: Text | None = None, source_arn: Text | None = None
) -> Request:
    """The request that a service makes to get the role's credentials, for what uses the role.

    region, account, source_arn: of what uses the role. account, source_arn: ``None`` where it is not documented that
    the service sends them. The other keys are those that some services send for their own calls.
    """
    untold = _untold(service)
    return Request(
        principal=service,
        action="sts:AssumeRole",
        resource=role.resource.arn,
        resource_account=role.resource.account,
        context={
            "aws:SourceAccount": untold if account is None else account,
            "aws:SourceArn": untold if source_arn is None else source_arn,
            "aws:SourceOrgID": _ORGANIZATION,
            "aws:SourceOrgPaths": _ORGANIZATION,
            "aws:CurrentTime": _ANY_TIME,
            "aws:EpochTime": _ANY_TIME,
            "aws:RequestedRegion": region,
            "aws:SecureTransport": "true",
            "aws:ViaAWSService": untold,
            "aws:UserAgent": untold,
            "aws:SourceIp": untold,
        },
    )


def admits(role: Role, request: Request) -> tuple[Tri, tuple[str, ...]]:
    """Whether the trust policy of a role admits a service, with the reasons.

    Raises ``PolicyError`` for a policy that is none.
    """
    if isinstance(role.trust_policy, Unknown):
        return None, (f"the trust policy of {role.label} is not known: {role.trust_policy.reason}",)
    decision = evaluate(request, resource_policy=role.trust)
    if decision.allowed and by_anybody(decision):
        return None, (f"{role.label} admits anybody; whether that lets a service in is not documented",)
    return decision.allowed, decision.reasons


def with_external_id(role: Role, external_id: Text) -> tuple[Role, bool]:
    """The role as a service sees it that sends an external ID; services in general send none.

    Returns it without the conditions on ``sts:ExternalId``, and whether all of these are certainly met.
    """
    wanted: list[Any] = []
    document = _without(role.trust_policy, "sts:externalid", wanted)
    values = [item for value in wanted for item in (value if isinstance(value, list) else [value])]
    met = all(isinstance(item, (str, Unknown)) and same_as(item) == same_as(external_id) for item in values)
    return replace(role, trust_policy=document), met


def _without(value: Any, key: str, removed: list[Any], depth: int = 0) -> Any:
    """A document without a condition key, compared in lower case. removed: takes the values that it should have."""
    if depth > _DEEPEST or not isinstance(value, (Mapping, list)):
        return value
    if isinstance(value, list):
        return [_without(item, key, removed, depth + 1) for item in value]
    removed += [item for name, item in value.items() if str(name).lower() == key]
    kept = {name: item for name, item in value.items() if str(name).lower() != key}
    return {name: _without(item, key, removed, depth + 1) for name, item in kept.items()}


def by_anybody(decision: Decision) -> bool:
    """Whether only statements that admit all principals allow it, of which it is not known if they mean services."""
    return all(match.reach is Reach.ANYBODY for match in decision.allowed_by)


def policy_services(role: Role) -> list[str]:
    """The services that the trust policy admits by plain text, to be kept in the corrected policy."""
    statements = role.trust.statements
    return [
        value
        for statement in statements
        if statement.effect == "Allow" and not statement.not_principal
        for kind, value in statement.principal_entries
        if kind == "Service" and isinstance(value, str)
    ]
