"""RC103: the execution role's trust policy lets Lambda assume it.

Fails when no statement admits lambda.amazonaws.com, a deny forbids it, or a condition can never be met.
Cannot know when the role or a value that its trust policy depends on is not known, when only a wildcard principal
admits Lambda, or when the allow rests on aws:SourceArn for a function for which Lambda may not send it.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import Decision, MayBeAbsent, PolicyError, Request, evaluate
from rolecall.model import Function, Inventory, Role
from rolecall.model.remembered import remembered
from rolecall.rules.execution_role import no_role
from rolecall.rules.trust import assumption, by_anybody
from rolecall.rules.trust_repair import admitting
from rolecall.unknown import Tri, Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    role = function.role.role
    if not isinstance(role, Role):
        return unknown(f"Whether Lambda can assume it is not known: {no_role(function)}.")
    if isinstance(role.trust_policy, Unknown):
        return unknown(f"The trust policy of {role.label} is not known: {role.trust_policy.reason}.")
    try:
        decision = admits_lambda(role, function)
    except PolicyError as fault:
        return unknown(f"The trust policy of {role.label} cannot be read as a policy: {fault}.")
    if decision.allowed:
        return _allowed(function, role, decision)
    if decision.allowed is None:
        why = "; ".join(decision.reasons)
        return unknown(f"Whether Lambda can assume {role.label} is not known: {why}.", *decision.reasons)
    return failed(
        f"Lambda cannot assume {role.label}, the execution role of {function.label}: "
        f"{'; '.join(decision.reasons)}.{_consequence(function)}",
        *decision.reasons,
        role=role.label,
        role_name=role.resource.name,
        account=function.resource.account,
        trust_policy=admitting(
            role,
            [Function.service_principal],
            lambda policy: bool(evaluate(lambda_assumes(role, function), resource_policy=policy).allowed),
        ),
        function_name=function.resource.name,
        function_key=function.resource.address,
        role_address=role.resource.address,
        sam_address=role.resource.sam_address,
    )


def lambda_assumes(role: Role, function: Function) -> Request:
    """The request that Lambda makes to get the role's credentials.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html (the service may be held to
    aws:SourceAccount and aws:SourceArn).
    """
    user = function.resource
    return assumption(Function.service_principal, role, user.region, account=user.account, source_arn=user.arn)


@remembered
def admits_lambda(role: Role, function: Function) -> Decision:
    """Whether the trust policy lets Lambda assume the role for a function. Raises ``PolicyError``."""
    return evaluate(lambda_assumes(role, function), resource_policy=role.trust)


def _admits_without_source_arn(role: Role, function: Function) -> Tri:
    request = lambda_assumes(role, function)
    undocumented = MayBeAbsent("whether Lambda sends it is not documented")
    without = request._replace(context={**request.context, "aws:SourceArn": undocumented})
    return evaluate(without, resource_policy=role.trust).allowed


def _allowed(function: Function, role: Role, decision: Decision) -> Verdict:
    if by_anybody(decision):
        return unknown(
            f"{role.label} admits anybody; whether that lets Lambda in is not documented. Name lambda.amazonaws.com.",
            *decision.reasons,
        )
    if role.trust.condition_keys and not _admits_without_source_arn(role, function):
        uses = _uses_without_source_arn(function)
        if uses:
            return unknown(
                f"{role.label} admits Lambda only with aws:SourceArn, and {function.label} {uses}: "
                "whether Lambda sends aws:SourceArn then is not documented. aws:SourceAccount is safe.",
                *decision.reasons,
            )
    return passed(f"Lambda can assume {role.label}, the execution role of {function.label}.", *decision.reasons)


def _uses_without_source_arn(function: Function) -> str:
    """What of the function makes Lambda use the role in ways for which aws:SourceArn is not documented."""
    uses = {
        "is in a VPC": function.in_vpc,
        "has SnapStart": function.snap_start,
        "has event source mappings": function.event_source_mappings,
        "is associated with CloudFront": function.edge_association,
    }
    certain = [use for use, has in uses.items() if has and not isinstance(has, Unknown)]
    possible = [f"may be one that {use}" for use, has in uses.items() if isinstance(has, Unknown)]
    return " and ".join(certain or possible)


def _consequence(function: Function) -> str:
    if isinstance(function.event_source_mappings, Unknown) or not function.event_source_mappings:
        return " Every invocation fails before the code runs."
    return " Lambda stops polling its event sources without an error; records expire unseen."
