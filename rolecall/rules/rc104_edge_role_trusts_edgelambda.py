"""RC104: the role of a function that CloudFront runs trusts Lambda@Edge as well.

Fails when lambda.amazonaws.com or edgelambda.amazonaws.com may not assume it. Cannot know when the role is not known,
whether CloudFront runs the function, or what the trust policy depends on; and in an account, when the version that
CloudFront runs was published with another role than the function has now.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam import evaluate
from rolecall.model import Function, Inventory, Role
from rolecall.rules.execution_role import facts_of, of_role
from rolecall.rules.rc103_execution_role_trusts_lambda import lambda_assumes
from rolecall.rules.trust_repair import admitting
from rolecall.unknown import Unknown

_SERVICES = (Function.service_principal, "edgelambda.amazonaws.com")


def check(function: Function, inventory: Inventory) -> Verdict:
    edge = function.edge_association
    if isinstance(edge, Unknown):
        return unknown(f"Whether CloudFront runs {function.label} with its role is not known: {edge.reason}.")
    if not edge:
        return not_applicable(f"CloudFront does not run {function.label}.")
    return of_role(function, lambda role: _check(function, role))


def _check(function: Function, role: Role) -> Verdict:
    if isinstance(role.trust_policy, Unknown):
        return unknown(f"The trust policy of {role.label} is not known: {role.trust_policy.reason}.")
    asked = {service: lambda_assumes(role, function)._replace(principal=service) for service in _SERVICES}
    answers = {service: evaluate(request, resource_policy=role.trust) for service, request in asked.items()}
    refused = [service for service, decision in answers.items() if decision.allowed is False]
    if refused:
        return failed(
            f"CloudFront runs {function.label}, and its role {role.label} does not trust {' and '.join(refused)}: "
            "the function cannot be copied to the edge or cannot run there.",
            *answers[refused[0]].reasons,
            **facts_of(function, role),
            trust_policy=admitting(
                role, refused, lambda policy: all(evaluate(r, resource_policy=policy).allowed for r in asked.values())
            ),
        )
    unsure = next((decision for decision in answers.values() if decision.allowed is None), None)
    if unsure is not None:
        why = "; ".join(unsure.reasons)
        return unknown(f"Whether {role.label} trusts Lambda@Edge is not known: {why}.", *unsure.reasons)
    return passed(f"{role.label} trusts Lambda and Lambda@Edge.")
