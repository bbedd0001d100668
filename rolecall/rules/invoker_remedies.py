"""What the remediations of the rules on invokers with a role name: roles, and the policies that they should have.

In an account a trust policy is known and kept, with one more statement. For code it is written anew: its author knows
what else the role is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rolecall.arn import parse_arn
from rolecall.invocation import INVOKE, SERVICES, invoker_name, qualified
from rolecall.model import Inventory, Invoker, Role
from rolecall.rules.execution_role import trust_policy
from rolecall.rules.needs import fillable
from rolecall.rules.trust import policy_services
from rolecall.unknown import Text, Unknown

_NO_WORD = re.compile(r"\W+", re.ASCII)
_ASSUME = "sts:AssumeRole"


def facts(invoker: Invoker, inventory: Inventory, role: Role, callee: str) -> dict[str, Text]:
    """Of a role that may not be assumed, or may not invoke. callee: the function for a reader."""
    first = inventory.role_at(invoker.through, invoker.resource.scope) if invoker.through is not None else None
    trusting = first or role
    return {
        "role": role.label,
        "role_name": role.resource.name,
        "role_address": role.resource.address,
        "sam_address": role.resource.sam_address,
        "trusting_role": trusting.label,
        "trusting_role_name": trusting.resource.name,
        "principal": SERVICES[invoker.kind].principal,
        "trust_policy": _trusting_service(invoker, trusting),
        **(_chain(first, role) if first else {}),
        **grant(invoker, inventory, callee),
    }


def grant(invoker: Invoker, inventory: Inventory, callee: str) -> dict[str, Text]:
    """The policy with which a role may invoke, and what it names."""
    found = inventory.called_by(invoker)
    arn = qualified(*found) if found else invoker.function
    return {
        "policy": _policy(_allowing(INVOKE.name, arn)),
        "function_name": found[0].resource.name if found else invoker.function,
        "function_arn": fillable(arn),
        "grant_name": _name("invoke", callee),
        "invoker_name": invoker_name(invoker),
    }


def missing(invoker: Invoker, inventory: Inventory, arn: str, callee: str) -> dict[str, Text]:
    """Of a role that an account does not have. arn: of it, one of those that the invoker names."""
    parsed, service = parse_arn(arn), SERVICES[invoker.kind].principal
    path, _, name = (parsed.resource if parsed else arn).removeprefix("role").rpartition("/")
    called = arn == invoker.role
    caller = str(invoker.through) if called and invoker.through is not None else service
    granted = grant(invoker, inventory, callee)
    return {
        **granted,
        "role": name,
        "role_name": name,
        "role_path": f"{path}/",
        "principal": caller,
        "trust_policy": trust_policy(caller, kind="Service" if caller == service else "AWS"),
        "action": INVOKE.name if called else _ASSUME,
        "target": granted["function_arn"] if called else str(invoker.role),
        "policy": granted["policy"] if called else _policy(_allowing(_ASSUME, str(invoker.role))),
        "grant_name": granted["grant_name"] if called else _name("assume", str(invoker.role).rpartition("/")[2]),
    }


def _chain(first: Role, role: Role) -> dict[str, Text]:
    """What lets one role assume the other."""
    own = {"Effect": "Allow", "Principal": {"AWS": fillable(first.resource.arn)}, "Action": _ASSUME}
    return {
        "through": first.label,
        "through_name": first.resource.name,
        "chain_name": _name("assume", role.label),
        "chain_policy": _policy(_allowing(_ASSUME, role.resource.arn)),
        "chain_trust": _trusting(role, own),
    }


def _trusting_service(invoker: Invoker, role: Role) -> str:
    """A trust policy that lets the service in; in an account for what is of the account, where the service tells."""
    service, account = SERVICES[invoker.kind], invoker.resource.account
    if role.resource.framework != "live":
        services = [] if isinstance(role.trust_policy, Unknown) else policy_services(role)
        return trust_policy(service.principal, *services)
    statement: dict[str, Any] = {
        "Effect": "Allow", "Principal": {"Service": service.principal}, "Action": _ASSUME
    }  # fmt: skip
    if service.sends_source:
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return _trusting(role, statement)


def _allowing(action: str, resource: Text) -> dict[str, str]:
    return {"Effect": "Allow", "Action": action, "Resource": fillable(resource)}


def _policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _trusting(role: Role, more: Mapping[str, Any]) -> str:
    """An account's trust policy with one more statement; of code, of which it is not all known, that statement."""
    document = role.trust_policy
    if role.resource.framework != "live" or not isinstance(document, Mapping):
        return _policy(more)
    statements = document.get("Statement")
    return json.dumps(
        {**document, "Statement": [*(statements if isinstance(statements, list) else [statements]), more]}
    )


def _name(does: str, what: str) -> str:
    """A name that a policy of a role can have."""
    return f"{does}_{_NO_WORD.sub('_', what)}"[:128]
