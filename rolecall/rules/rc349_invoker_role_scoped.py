"""RC349: the role that a service calls a function with may not invoke every function.

Fails when the role may invoke a function that does not exist, as lambda:InvokeFunction on "*" and AWSLambdaRole let it.
Cannot know when the role is not known, or when no known policy grants it and another is not known.
"""

from rolecall.arn import service_of
from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam import PolicyError
from rolecall.invocation import INVOKE, invoker_name
from rolecall.model import Inventory, Invoker, Role
from rolecall.rules.excess import made_up
from rolecall.rules.execution_role import fillable, grants
from rolecall.unknown import named


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if invoker.role is None or str(invoker.role).endswith(":iam::*:user/*"):
        return not_applicable(f"{invoker.what} calls its function without a role.")
    role = inventory.role_at(invoker.role, invoker.resource.scope)
    if role is None:
        return unknown(f"The role that {_lowered(invoker)} calls with is not known here: {invoker.role}.")
    try:
        return _check(invoker, role)
    except PolicyError as fault:
        return unknown(f"A policy of {role.label} cannot be read as a policy: {fault}.")


def _check(invoker: Invoker, role: Role) -> Verdict:
    anything = made_up(role, "lambda", invoker.resource.region, "function:")
    decision = grants(role, INVOKE.name, anything)
    if decision.allowed:
        called = fillable(invoker.function) if service_of(invoker.function) == "lambda" else "the function"
        return failed(
            f"{role.label}, with which {_lowered(invoker)} calls its function, may invoke every function of the "
            f"account: {'; '.join(decision.reasons)}.",
            *decision.reasons,
            role=role.label,
            role_name=role.resource.name,
            role_address=role.resource.address,
            function_arn=called,
            function_name=named(invoker.function),
            invoker_name=invoker_name(invoker),
        )
    if decision.allowed is None:
        why = "; ".join(decision.reasons)
        return unknown(f"Whether {role.label} may invoke every function is not known: {why}.", *decision.reasons)
    return passed(f"{role.label}, with which {_lowered(invoker)} calls its function, may not invoke every function.")


def _lowered(invoker: Invoker) -> str:
    return f"{invoker.what[0].lower()}{invoker.what[1:]}"
