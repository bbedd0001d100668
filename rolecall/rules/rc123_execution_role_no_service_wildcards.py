"""RC123: the execution role may not do everything with a service.

Fails when a policy allows ``service:*`` (or all actions) on all resources of the service, and no other denies it.
Cannot know when none of the known policies does and another is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.findings import Verdict, not_applicable, passed, unknown
from rolecall.model import Function, Inventory, Role
from rolecall.rules.excess import grants_to, too_much
from rolecall.rules.execution_role import of_role
from rolecall.unknown import Unknown, known

_EVERY = "rolecallmadeup"


def check(function: Function, inventory: Inventory) -> Verdict:
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    grants = grants_to(function, role)
    services = list(dict.fromkeys(_services(role)))
    decisions = {s: grants.decide(f"{s}:RolecallMadeUp", grants.made_up(s)) for s in [*services, _EVERY]}
    granted = [service for service in services if decisions[service].allowed]
    if granted:
        all_of = (
            "everything with every service" if _EVERY in granted else f"{', '.join(f'{s}:*' for s in granted)} on *"
        )
        return too_much(function, role, f"may do {all_of}")
    if decisions[_EVERY].allowed:
        return not_applicable(f"{role.label} may use every service that its policies do not exclude: see RC120.")
    unsure = next((decision for decision in decisions.values() if decision.allowed is None), None)
    if unsure is not None:
        why = "; ".join(unsure.reasons)
        return unknown(f"Whether {role.label} may do everything with a service is not known: {why}.", *unsure.reasons)
    return passed(f"{role.label} may not do everything with any service.")


def _services(role: Role) -> Iterator[str]:
    """The services of which the role's policies allow all actions; a made-up one stands for all services."""
    for policy in known(role.policies):
        if isinstance(policy.document, Unknown):
            continue
        for statement in policy.parsed.statements:
            for action in statement.actions if statement.effect == "Allow" and not statement.not_action else ():
                service, _, name = action.partition(":") if isinstance(action, str) else ("", "", "")
                if action == "*" or (name == "*" and service == "*"):
                    yield _EVERY
                elif name == "*" and "*" not in service and "?" not in service:
                    yield service.lower()
