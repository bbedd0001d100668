"""What the rules RC301 to RC319 have in common: may the service that is wired to a function invoke it?"""

from __future__ import annotations

import re

from rolecall.findings import Status, Verdict, failed, passed, unknown
from rolecall.iam import PolicyError, evaluate, parse_policy
from rolecall.invocation import SERVICES, invocations, policy_on
from rolecall.model import Function, Inventory, Invoker
from rolecall.unknown import Text, Unknown, named


def by_resource_policy(invoker: Invoker, inventory: Inventory) -> Verdict:
    """Decide the invocation on the policy of the function, or of the alias or version that is called."""
    found = inventory.called_by(invoker)
    if found is None:
        called = named(invoker.function) or "the function"
        why = invoker.function.reason if isinstance(invoker.function, Unknown) else "it is not in this configuration"
        return unknown(f"{invoker.what} calls {called}; whether it may is not known: {why}.")
    function, qualifier = found
    callee = f"{function.label}{f':{named(qualifier) or qualifier}' if qualifier else ''}"
    try:
        policy = parse_policy(policy_on(inventory, function, qualifier), f"policy of {callee}")
        decisions = [evaluate(asked, resource_policy=policy) for asked in invocations(invoker, function, qualifier)]
    except PolicyError as fault:
        return unknown(f"The policy of {callee} cannot be read as a policy: {fault}.")
    decision = max(decisions, key=lambda made: {True: 2, None: 1, False: 0}[made.allowed])
    if decision.allowed:
        return passed(f"{invoker.what} may invoke {callee}.", *decision.reasons)
    reasons = "; ".join(decision.reasons) if policy.statements else "its policy has no statement"
    if decision.allowed is None:
        return unknown(
            f"Whether {invoker.what[0].lower()}{invoker.what[1:]} may invoke {callee} is not known: {reasons}."
        )
    service = SERVICES[invoker.kind]
    return failed(
        f"{invoker.what} cannot invoke {callee}: {reasons}.{_elsewhere(inventory, function, qualifier)} "
        f"Until it may, {service.loses}.",
        *decision.reasons,
        **_facts(invoker, function, qualifier),
    )


def unless(reason: str, verdict: Verdict) -> Verdict:
    """The verdict, but unknown where it fails: something that is not known may let the service in all the same."""
    if verdict.status is not Status.FAIL:
        return verdict
    return unknown(f"{verdict.message} {reason}", *verdict.evidence)


def _elsewhere(inventory: Inventory, function: Function, qualifier: Text) -> str:
    """A hint where the policy has statements for another qualifier, which do not count."""
    policy = inventory.policy_of(function)
    others = {permission.qualifier for permission in policy} - {qualifier} if isinstance(policy, tuple) else set()
    if not others:
        return ""
    names = ", ".join(sorted(f"alias or version {named(other) or other}" if other else "the function itself"
                             for other in others))  # fmt: skip
    return f" Statements for {names} do not cover this."


def _facts(invoker: Invoker, function: Function, qualifier: Text) -> dict[str, Text]:
    name = function.resource.name
    return {
        "function_name": name,
        "function_address": function.resource.address,
        "qualifier": qualifier or Unknown("none"),
        "principal": SERVICES[invoker.kind].principal,
        "source_arn": invoker.source_arn,
        "account": invoker.resource.account,
        "invoker_name": re.sub(r"\W+", "_", invoker.resource.address.rsplit(".", 1)[-1]),
    }
