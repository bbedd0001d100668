"""RC349: the role that a service calls a function with may not invoke every function.

Fails when the role may invoke a function that does not exist, as lambda:InvokeFunction on "*" and AWSLambdaRole let it.
A role that does not exist may do nothing.
Cannot know when the role is not known, or when no known policy grants it and another is not known.
"""

from rolecall.arn import service_of
from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam import PolicyError
from rolecall.model import Inventory, Invoker
from rolecall.rules.excess import Grants, invokes_anything
from rolecall.rules.invoker_remedies import grant
from rolecall.rules.invoker_role import callee_of, here, named_role
from rolecall.unknown import Unknown


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if invoker.role is None or str(invoker.role).endswith(":iam::*:user/*"):
        return not_applicable(f"{invoker.what} calls its function without a role.")
    role = named_role(invoker.role, invoker, inventory)
    if isinstance(role, Unknown):
        return unknown(f"The role of {invoker.resource.label} is not known{here(invoker)}: {role.reason}.")
    if role is None:
        return passed(f"The role of {invoker.resource.label} does not exist and may invoke nothing: {invoker.role}.")
    try:
        decision = invokes_anything(Grants(role, invoker.resource.region, {}))
    except PolicyError as fault:
        return unknown(f"A policy of {role.label} cannot be read as a policy: {fault}.")
    caller = f"{role.label}, a role of {invoker.resource.label},"
    if decision.allowed:
        facts = grant(invoker, inventory, callee_of(invoker, inventory))
        if service_of(invoker.function) != "lambda":
            facts["function_arn"] = "the function"
        return failed(
            f"{caller} may invoke every function of the account: {'; '.join(decision.reasons)}.",
            *decision.reasons,
            **facts,
            role=role.label,
            role_name=role.resource.name,
        )
    if decision.allowed is None:
        why = "; ".join(decision.reasons)
        return unknown(f"Whether {role.label} may invoke every function is not known: {why}.", *decision.reasons)
    return passed(f"{caller} may not invoke every function.")
