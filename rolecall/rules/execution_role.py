"""What the rules on a function's execution role have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rolecall.arn import text_parts
from rolecall.findings import Verdict, not_applicable, unknown
from rolecall.iam import PolicyError, parse_policy
from rolecall.iam.document import Policy
from rolecall.model import Function, Role
from rolecall.unknown import Text, Unknown, replaced, same_as


def no_role(function: Function) -> str:
    """Why nothing can be said of the execution role of a function whose role is not there."""
    role = function.role.role
    reason = role.reason if isinstance(role, Unknown) else "there is no such role"
    return f"the execution role of {function.label} is not known: {reason}"


def without_role(function: Function) -> Verdict:
    """What is said of the role of a function that has none, or none that is known."""
    if function.role.role is None:
        return not_applicable(f"{function.label} has no role: see RC101.")
    return unknown(f"{no_role(function)}.")


def of_role(function: Function, decide: Callable[[Role], Verdict]) -> Verdict:
    """The verdict on a function's execution role; UNKNOWN where the role or a policy of it cannot be read."""
    role = function.role.role
    if not isinstance(role, Role):
        return without_role(function)
    try:
        return decide(role)
    except PolicyError as fault:
        return unknown(f"A policy of {role.label} cannot be read as a policy: {fault}.")


def facts_of(function: Function, role: Role) -> dict[str, Text]:
    return {
        "role": role.label,
        "role_name": role.resource.name,
        "role_address": role.resource.address,
        "role_arn": role.resource.arn if isinstance(role.resource.arn, str) else "ARN_OF_THE_ROLE",
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


def trust_within(document: Any, role: Role) -> Policy:
    """A trust policy of the role parsed, with ``in_account``. Raises ``PolicyError``."""
    known = in_account(document, role)
    return role.trust if known is role.trust_policy else parse_policy(known, "trust policy")


def partition_of(role: Role) -> Text:
    """The partition in the role's ARN."""
    parts = text_parts(role.resource.arn)
    return parts[1] if parts and len(parts) > 1 else "aws"


def trust_policy(*principals: str, kind: str = "Service") -> str:
    """A trust policy that admits services, or others of one kind, as compact JSON for a remediation."""
    admitted = list(dict.fromkeys(principals))
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {kind: admitted if len(admitted) > 1 else admitted[0]},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
