"""What the rules on a function's execution role have in common: what may the role do?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Union

from rolecall.arn import split_parts
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import Decision, MayBeAbsent, PolicyError, Request, evaluate, parse_policy
from rolecall.iam.document import Policy
from rolecall.iam.request import Asked
from rolecall.model import Document, Function, Role
from rolecall.unknown import Text, Unknown, parts_of, replaced, same_as, text

# Keys that a session which a service has assumed never carries.
_ABSENT = ("aws:multifactorauth", "aws:username", "sts:externalid", "aws:federatedprovider")


def no_role(function: Function) -> str:
    """Why nothing can be said of the execution role of a function whose role is not there."""
    role = function.role.role
    reason = role.reason if isinstance(role, Unknown) else "there is no such role"
    return f"the execution role of {function.label} is not known: {reason}"


@dataclass(frozen=True)
class Need:
    """What a role must be able to do: one of several sets of actions, on a resource.

    purpose: for a reader. policies: resource-based ones that may allow it instead, in the role's own account.
    certain: whether it is certain that AWS refuses without. context: the condition keys of the request that are known.
    """

    resource: Text
    ways: tuple[tuple[str, ...], ...]
    purpose: str = ""
    policies: Union[tuple[Document, ...], Unknown] = ()
    certain: bool = True
    context: Mapping[str, Any] = field(default_factory=lambda: BY_LAMBDA)


def need(
    resource: Text,
    *actions: str,
    purpose: str = "",
    policies: tuple[Document, ...] | Unknown = (),
    certain: bool = True,
    context: Mapping[str, Any] | None = None,
) -> Need:
    """A need of all these actions. context: ``None``: of a call that Lambda makes outside the function."""
    return Need(resource, (actions,), purpose, policies, certain, BY_LAMBDA if context is None else context)


# Calls that Lambda itself makes do not carry the function's ARN, except those for logs, traces and file systems:
# https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
# It calls over TLS: https://docs.aws.amazon.com/lambda/latest/dg/security-dataprotection.html
BY_LAMBDA: Mapping[str, Any] = {"lambda:SourceFunctionArn": (), "aws:SecureTransport": "true"}


def for_function(function: Function, **more: Any) -> Mapping[str, Any]:
    """The condition keys of a call that the function's code makes, or Lambda in its name. more: other keys."""
    return {**BY_LAMBDA, "lambda:SourceFunctionArn": function.resource.arn, **more}


def may(
    role: Role,
    action: str,
    resource: Text,
    policies: Union[tuple[Document, ...], Unknown] = (),
    context: Mapping[str, Any] | None = None,
) -> Decision:
    """Whether the role's policies, within its boundary, or the resource's own allow an action.

    context: the condition keys that are known, an empty tuple for one that the request certainly lacks; any other key
    that the policies ask for may be in the request or not. Service control policies are not visible.
    Raises ``PolicyError`` for a policy that is none.
    """
    documents = identity_policies(role)
    listed = policies if isinstance(policies, tuple) else (policies,)
    known = [document for document in listed if not isinstance(document, Unknown)]
    decision = decide(role, documents, action, resource, context, _joined(known))
    unread = next((document for document in listed if isinstance(document, Unknown)), None)
    if decision.allowed or unread is None:
        return decision
    return decide(role, documents, action, resource, context, unread)


def lacking(role: Role, needs: Iterable[Need]) -> tuple[list[Need], list[tuple[Need, str]]]:
    """The needs that the role certainly cannot meet, and those of which that cannot be told, with the reason.

    A need that is lacking keeps those actions of its first way that are not allowed.
    """
    missing: list[Need] = []
    unsure: list[tuple[Need, str]] = []
    for wanted in needs:
        ways = [
            [(action, may(role, action, wanted.resource, wanted.policies, wanted.context)) for action in way]
            for way in wanted.ways
        ]
        if any(all(decision.allowed for _, decision in way) for way in ways):
            continue
        possible = [way for way in ways if all(decision.allowed is not False for _, decision in way)]
        refused = tuple(action for action, decision in ways[0] if decision.allowed is False)
        if possible:
            decision = next(decision for _, decision in possible[0] if decision.allowed is None)
            unsure.append((wanted, "; ".join(decision.reasons[:2])))
        elif wanted.certain:
            missing.append(replace(wanted, ways=(refused,)))
        else:
            unsure.append((replace(wanted, ways=(refused,)), _PERHAPS))
    return missing, unsure


_PERHAPS = "the role may not, and the code does not say whether it has to: it is not always needed"


def of_role(function: Function, decide: Callable[[Role], Verdict]) -> Verdict:
    """The verdict on a function's execution role; UNKNOWN where the role or a policy of it cannot be read."""
    role = function.role.role
    if not isinstance(role, Role):
        return unknown(f"{no_role(function)}.")
    try:
        return decide(role)
    except PolicyError as fault:
        return unknown(f"A policy of {role.label} cannot be read as a policy: {fault}.")


def can(function: Function, needs: Iterable[Need], able: str, until: str) -> Verdict:
    """Whether the execution role of a function meets all needs.

    able: what it can do then, for a message. until: what happens as long as it cannot.
    """
    return of_role(function, lambda role: _meets(function, role, needs, able, until))


def _meets(function: Function, role: Role, needs: Iterable[Need], able: str, until: str) -> Verdict:
    missing, unsure = lacking(role, needs)
    if missing:
        refused = "; ".join(dict.fromkeys(_shown(wanted) for wanted in missing))
        return failed(
            f"{role.label}, the execution role of {function.label}, may not {refused}: {until}.",
            **facts_of(function, role),
            policy=json.dumps(_policy(missing)),
            statements=json.dumps(_statements(missing)),
        )
    if unsure:
        said = "; ".join(dict.fromkeys(_shown(wanted) for wanted, _ in unsure))
        reasons = tuple(dict.fromkeys(reason for _, reason in unsure))
        return unknown(f"Whether {role.label} may {said} is not known: {'; '.join(reasons[:3])}.", *reasons)
    return passed(f"{role.label}, the execution role of {function.label}, {able}.")


def facts_of(function: Function, role: Role) -> dict[str, Text]:
    return {
        "role": role.label,
        "role_name": role.resource.name,
        "role_address": role.resource.address,
        "function_name": function.resource.name,
        "function_key": function.resource.address,
        "sam_address": role.resource.sam_address,
    }


_OWN_ACCOUNT = "123456789012"


def known_account(role: Role) -> str:
    """The role's account; where it is not known, one that stands for it and is no stranger's."""
    account = role.resource.account
    return account if isinstance(account, str) else _OWN_ACCOUNT


def in_account(document: Any, role: Role) -> Any:
    """A policy document with ``known_account`` where the role's account stands in it as something unknown."""
    own = role.resource.account
    if isinstance(own, str) or not own.symbol:
        return document
    return replaced(document, lambda part: _OWN_ACCOUNT if same_as(part) == same_as(own) else part)


def partition_of(role: Role) -> Text:
    """The partition in the role's ARN."""
    parts = split_parts(parts_of(role.resource.arn))
    return text(*parts[1]) if parts and len(parts) > 1 else "aws"


def trust_policy(*services: str) -> str:
    """A trust policy that admits services, as compact JSON for a remediation."""
    admitted = list(dict.fromkeys(services))
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": admitted if len(admitted) > 1 else admitted[0]},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def fillable(arn: Text) -> str:
    """An ARN for a remediation: words in capitals stand for what is not known."""
    parts = split_parts(parts_of(arn))
    if parts is None or len(parts) < len(_PLACES):
        return arn if isinstance(arn, str) else _NO_ARN
    return ":".join(
        "".join(piece if isinstance(piece, str) else stand_in for piece in part)
        for part, stand_in in zip(parts, _PLACES, strict=True)
    )


_NO_ARN = "RESOURCE_ARN"
_PLACES = ("arn", "aws", "SERVICE", "REGION", "ACCOUNT_ID", "NAME")


def identity_policies(role: Role) -> list[Policy]:
    """The role's identity policies; one that says nothing stands for all when they could not be read."""
    if isinstance(role.policies, Unknown):
        return [parse_policy(role.policies, f"identity policies of {role.label}")]
    return [policy.parsed for policy in role.policies]


def _joined(policies: Sequence[Mapping[str, Any]]) -> Document | None:
    """One policy with the statements of several."""
    statements: list[Any] = []
    for policy in policies:
        given = policy.get("Statement", [])
        statements += given if isinstance(given, list) else [given]
    return {"Version": "2012-10-17", "Statement": statements} if policies else None


def decide(
    role: Role,
    policies: Sequence[Policy],
    action: str,
    resource: Text,
    context: Mapping[str, Any] | None = None,
    of_resource: Document | None = None,
) -> Decision:
    """Whether policies, within the role's boundary, or the resource's own allow the role an action; see ``may``."""
    boundaries = [] if role.boundary is None else [parse_policy(role.boundary, "permissions boundary")]
    own = None if of_resource is None else parse_policy(of_resource, "resource's own policy")
    asked_for = frozenset().union(*(p.condition_keys for p in (*policies, *boundaries, *([own] if own else []))))
    keys = [key for key in asked_for if not key.lower().startswith(_ABSENT)]
    request = Request(role.resource.arn, action, resource, context=context or {})
    if keys:
        known = Asked(request).context
        untold = {key: MayBeAbsent("that depends on the call") for key in sorted(keys) if known.get(key) is None}
        request = replace(request, context={**request.context, **untold})
    return evaluate(request, policies, own, boundaries or None)


def _shown(wanted: Need) -> str:
    actions = " and ".join(wanted.ways[0]) if len(wanted.ways) == 1 else " or ".join(map("+".join, wanted.ways))
    named = fillable(wanted.resource)
    on = "" if wanted.resource == "*" else f" on {wanted.resource if named == _NO_ARN else named}"
    return f"{actions}{on}{f' ({wanted.purpose})' if wanted.purpose else ''}"


def _policy(missing: list[Need]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": _statements(missing)}


def _statements(missing: list[Need]) -> list[dict[str, Any]]:
    return [
        {"Effect": "Allow", "Action": list(wanted.ways[0]), "Resource": fillable(wanted.resource)} for wanted in missing
    ]
