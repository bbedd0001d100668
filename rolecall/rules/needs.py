"""What an execution role must be able to do, and whether it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Union

from rolecall.arn import split_parts
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import Decision
from rolecall.model import Document, Function, Role
from rolecall.rules.execution_role import facts_of, of_role
from rolecall.rules.permissions import may_each
from rolecall.unknown import Text, Unknown, parts_of

# Calls that Lambda itself makes do not carry the function's ARN, except those for logs, traces and file systems:
# https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
# It calls over TLS: https://docs.aws.amazon.com/lambda/latest/dg/security-dataprotection.html
BY_LAMBDA: Mapping[str, Any] = {"lambda:SourceFunctionArn": (), "aws:SecureTransport": "true"}


class Need(NamedTuple):
    """What a role must be able to do: one of several sets of actions, on a resource.

    purpose: for a reader. policies: resource-based ones that may allow it instead, in the role's own account.
    certain: whether it is certain that AWS refuses without; ``Unknown``: why not. context: the condition keys of the
        request that are known.
    """

    resource: Text
    ways: tuple[tuple[str, ...], ...]
    purpose: str = ""
    policies: Union[tuple[Document, ...], Unknown] = ()
    certain: Union[bool, Unknown] = True
    context: Mapping[str, Any] = BY_LAMBDA


def need(
    resource: Text,
    *actions: str,
    purpose: str = "",
    policies: tuple[Document, ...] | Unknown = (),
    certain: bool | Unknown = True,
    context: Mapping[str, Any] | None = None,
) -> Need:
    """A need of all these actions. context: ``None``: of a call that Lambda makes outside the function."""
    return Need(resource, (actions,), purpose, policies, certain, BY_LAMBDA if context is None else context)


def for_function(function: Function, **more: Any) -> Mapping[str, Any]:
    """The condition keys of a call that the function's code makes, or Lambda in its name. more: other keys."""
    return {**BY_LAMBDA, "lambda:SourceFunctionArn": function.resource.arn, **more}


def can(function: Function, needs: Iterable[Need], able: str, until: str) -> Verdict:
    """Whether the execution role of a function meets all needs.

    able: what it can do then, for a message. until: what happens as long as it cannot.
    """
    return of_role(function, lambda role: _meets(function, role, needs, able, until))


def _meets(function: Function, role: Role, needs: Iterable[Need], able: str, until: str) -> Verdict:
    missing, unsure = lacking(role, needs)
    name = _name_for(role)
    if missing:
        refused = "; ".join(dict.fromkeys(_shown(wanted, name) for wanted in missing))
        statements = _statements(missing, name)
        return failed(
            f"{role.label}, the execution role of {function.label}, may not {refused}: {until}.",
            **facts_of(function, role),
            policy=json.dumps({"Version": "2012-10-17", "Statement": statements}),
            statements=json.dumps(statements),
        )
    if unsure:
        said = "; ".join(dict.fromkeys(_shown(wanted, name) for wanted, _ in unsure))
        reasons = tuple(dict.fromkeys(reason for _, reason in unsure))
        return unknown(f"Whether {role.label} may {said} is not known: {'; '.join(reasons[:3])}.", *reasons)
    return passed(f"{role.label}, the execution role of {function.label}, {able}.")


def lacking(role: Role, needs: Iterable[Need]) -> tuple[list[Need], list[tuple[Need, str]]]:
    """The needs that the role certainly cannot meet, and those of which that cannot be told, with the reason.

    A need that is lacking keeps those actions of its first way that are not allowed.
    """
    missing: list[Need] = []
    unsure: list[tuple[Need, str]] = []
    for wanted in needs:
        ways = list(_tried(role, wanted))
        if all(decision.allowed for decision in ways[-1]):
            continue
        possible = [way for way in ways if all(decision.allowed is not False for decision in way)]
        first = zip(wanted.ways[0], ways[0], strict=True)
        refused = wanted._replace(ways=(tuple(action for action, decision in first if decision.allowed is False),))
        if possible:
            decision = next(decision for decision in possible[0] if decision.allowed is None)
            unsure.append((wanted, "; ".join(decision.reasons[:2])))
        elif wanted.certain is True:
            missing.append(refused)
        else:
            why = _PERHAPS if wanted.certain is False else f"the role may not, and {wanted.certain.reason}"
            unsure.append((refused, why))
    return missing, unsure


def _tried(role: Role, wanted: Need) -> Iterator[list[Decision]]:
    """The decisions on the actions of each way, up to the first way that is certainly open."""
    for way in wanted.ways:
        decisions = may_each(role, way, wanted.resource, wanted.policies, wanted.context)
        yield decisions
        if all(decision.allowed for decision in decisions):
            return


_PERHAPS = "the role may not, and whether it has to is not known: it is not always needed"


def fillable(arn: Text, name: str = "NAME") -> str:
    """An ARN for a remediation: words in capitals stand for what is not known; ``name`` for what is not of the name."""
    parts = split_parts(parts_of(arn))
    if parts is None or len(parts) <= len(_PLACES):
        return arn if isinstance(arn, str) else _NO_ARN
    return ":".join(
        "".join(piece if isinstance(piece, str) else stand_in for piece in part)
        for part, stand_in in zip(parts, (*_PLACES, name), strict=True)
    )


_NO_ARN = "RESOURCE_ARN"
_PLACES = ("arn", "aws", "SERVICE", "REGION", "ACCOUNT_ID")


def _name_for(role: Role) -> str:
    """What stands for a name that is not known: in an account only AWS gives such names, and any may come."""
    return "*" if role.resource.framework == "live" else "NAME"


def _shown(wanted: Need, name: str) -> str:
    actions = " and ".join(wanted.ways[0]) if len(wanted.ways) == 1 else " or ".join(map("+".join, wanted.ways))
    named = fillable(wanted.resource, name)
    hidden = named == _NO_ARN and name == "*"  # nothing to quote: in an account a value that is not known has no name
    on = "" if wanted.resource == "*" or hidden else f" on {wanted.resource if named == _NO_ARN else named}"
    return f"{actions}{on}{f' ({wanted.purpose})' if wanted.purpose else ''}"


def _statements(missing: list[Need], name: str) -> list[dict[str, Any]]:
    return [
        {"Effect": "Allow", "Action": list(wanted.ways[0]), "Resource": fillable(wanted.resource, name)}
        for wanted in missing
    ]
