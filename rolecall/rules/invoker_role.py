"""What the rules on invokers with a role have in common (RC321 to RC326, and RC301 to RC303 where a role is named).

The service assumes the role, and the role's session invokes the function. The role's policies or, in the same account,
the function's own allow that; across accounts both have to. A call with a qualifier, given in the ARN or beside it and
$LATEST too, needs a policy for the qualified ARN (https://github.com/aws/aws-cdk/issues/19273).
Sources: https://docs.aws.amazon.com/lambda/latest/dg/access-control-identity-based.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rolecall.arn import service_of
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import Decision, PolicyError
from rolecall.invocation import INVOKE, SERVICES, label_of, of_region, policy_on, qualified
from rolecall.model import Function, Inventory, Invoker, Role
from rolecall.rules.invoker_remedies import facts, missing
from rolecall.rules.permissions import may
from rolecall.rules.trust import admits, assumption, with_external_id
from rolecall.unknown import Following, Text, Tri, Unknown, named

_ANY_QUALIFIER = "rolecall-made-up"
_UNNAMED = "a function"


@dataclass(frozen=True)
class _Step:
    """One thing that has to be allowed. answer: whether it is. remedy: what to do where it is not."""

    answer: Tri
    fault: str
    reasons: tuple[str, ...]
    remedy: str = ""


def by_role(invoker: Invoker, inventory: Inventory) -> Verdict:
    """Decide the invocation on the role that the invoker names."""
    callee = callee_of(invoker, inventory)
    if invoker.role is None:
        return unknown(f"{invoker.what} names no role to call {callee} with.")
    role = named_role(invoker.role, invoker, inventory)
    if isinstance(role, Unknown):
        return unknown(f"{invoker.what} calls {callee} with a role that is not known{here(invoker)}: {role.reason}.")
    missed = [arn for arn in (invoker.through, invoker.role) if arn and named_role(arn, invoker, inventory) is None]
    if role is None or missed:
        return _no_role(invoker, inventory, str(missed[0]), callee)
    try:
        steps = [*_assumed(invoker, inventory, role), _invocation(invoker, inventory, role, callee)]
    except PolicyError as fault:
        return unknown(f"A policy of {role.label}, or of {callee}, cannot be read as a policy: {fault}.")
    refused = [step for step in steps if step.answer is False]
    unsure = [step for step in steps if step.answer is None]
    if refused:
        faults = ", and ".join(f"{step.fault}: {'; '.join(step.reasons)}" for step in refused)
        return failed(
            f"{invoker.what} cannot invoke {callee}: {faults}. Until it may, {SERVICES[invoker.kind].loses}.",
            *(reason for step in refused for reason in step.reasons),
            **facts(invoker, inventory, role, callee),
        )._replace(remedies=tuple(step.remedy for step in refused))
    if unsure:
        reasons = [reason for step in unsure for reason in step.reasons]
        why = "; ".join(reasons)
        return unknown(f"Whether {invoker.inside} may invoke {callee} with {role.label} is not known: {why}.", *reasons)
    return passed(f"{invoker.what} may invoke {callee} with {role.label}.", *steps[-1].reasons)


def with_policy_remedy(verdict: Verdict) -> Verdict:
    """The verdict of a rule whose own remediation is a statement on the function, not a policy of the role."""
    return verdict._replace(remedies=tuple(name or "role_policy" for name in verdict.remedies))


def named_role(arn: Text, invoker: Invoker, inventory: Inventory) -> Role | Unknown | None:
    """A role that an invoker names; ``None``: the account certainly has none of this ARN."""
    role = inventory.role_at(arn, invoker.resource.scope)
    reference = inventory.role_references.get(arn) if isinstance(arn, str) else None
    return role or (reference.role if reference else Unknown(_said(arn)))


def here(invoker: Invoker) -> str:
    """Code knows what stands in it; of an account there is but one."""
    return "" if invoker.resource.framework == "live" else " here"


def _no_role(invoker: Invoker, inventory: Inventory, arn: str, callee: str) -> Verdict:
    """The verdict where a role was deleted, or never made."""
    note = inventory.role_references[arn].note
    loses = SERVICES[invoker.kind].loses
    return failed(
        f"{invoker.what} cannot invoke {callee}: the role {arn} does not exist: {note}. Until it may, {loses}.",
        note,
        **missing(invoker, inventory, arn, callee),
    )._replace(remedies=("role_missing",))


def callee_of(invoker: Invoker, inventory: Inventory) -> str:
    """The function for a reader."""
    found = inventory.called_by(invoker)
    if found is None:
        return named(invoker.function) or (str(invoker.function) if _is_function(invoker.function) else _UNNAMED)
    return label_of(*found)


def _is_function(arn: Text) -> bool:
    return service_of(arn) == "lambda"


def _said(value: Text) -> str:
    return value.reason if isinstance(value, Unknown) and not named(value) else str(value)


def _assumed(invoker: Invoker, inventory: Inventory, role: Role) -> list[_Step]:
    """Whether the service gets the role's credentials: itself, or through another role that it assumes first."""
    if invoker.through is None:
        return [_trust(invoker, role)]
    first = named_role(invoker.through, invoker, inventory)
    if not isinstance(first, Role):
        why = first.reason if first else "it does not exist"
        return [_Step(None, "", (f"the role that assumes {role.label} is not known{here(invoker)}: {why}",))]
    decision = may(first, "sts:AssumeRole", role.resource.arn, (role.trust_policy,))
    reasons = tuple(reason.replace("resource policy", "trust policy") for reason in decision.reasons)
    chained = _Step(decision.allowed, f"{first.label} cannot assume {role.label}", reasons, "role_chain")
    return [_trust(invoker, first), chained]


def _trust(invoker: Invoker, role: Role) -> _Step:
    """Whether the trust policy lets the service in, by its principal or by that of the region."""
    service, user = SERVICES[invoker.kind], invoker.resource
    source = {"account": user.account, "source_arn": invoker.source_arn} if service.sends_source else {}
    request = assumption(service.principal, role, user.region, **source)
    met = True
    if service.sends_external_id:
        role, met = with_external_id(role, user.account)
    answer, reasons = admits(role, request)
    if answer and not met:
        answer, reasons = None, (f"whether its sts:ExternalId is what {service.principal} sends is not known",)
    if answer is False:
        regional = request._replace(principal=of_region(service.principal, user.region))
        by_region, why = admits(role, regional)
        if by_region is not False:
            undocumented = f"whether {service.principal} goes by {regional.principal} is not documented"
            answer, reasons = (by_region, why) if service.regional else (None, (undocumented,))
    if answer is False and not _is_function(invoker.function):  # who knows whether it calls a function at all?
        answer, reasons = None, (f"{service.principal} cannot assume it, and what it would call is not known",)
    return _Step(answer, f"{service.principal} cannot assume {role.label}", reasons, "role_trust")


def _invocation(invoker: Invoker, inventory: Inventory, role: Role, callee: str) -> _Step:
    """Whether the role may invoke the very alias or version that is called."""
    found = inventory.called_by(invoker)
    if found is None:
        arn = invoker.function
        reason = arn.reason if isinstance(arn, Unknown) else "it is not in this configuration"
        what = "what it calls" if callee == _UNNAMED else callee
        return _Step(None, "", (f"{what} is not known here: {reason}",))
    function, qualifier = found
    decision = _may_invoke(role, inventory, function, qualifier)
    if isinstance(qualifier, Following) and _may_invoke(role, inventory, function, "").allowed is not decision.allowed:
        return _Step(None, "", (qualifier.reason,))  # it may call the function itself, or an alias
    hint = _other_qualifier(role, inventory, function, qualifier) if decision.allowed is False else ""
    return _Step(decision.allowed, f"{role.label} may not invoke {callee}{hint}", decision.reasons)


def _may_invoke(role: Role, inventory: Inventory, function: Function, qualifier: Text) -> Decision:
    """The decision on the policies of role and function.

    A statement that may be on the function, or not, cannot hold back what the role's own policies allow: AddPermission
    makes no deny (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    """
    resource, policy = qualified(function, qualifier), policy_on(inventory, function, qualifier)
    own = may(role, INVOKE.name, resource)
    return own if own.allowed and not _denies(policy) else may(role, INVOKE.name, resource, (policy,))


def _denies(policy: Mapping[str, object] | Unknown) -> bool:
    statements = [] if isinstance(policy, Unknown) else policy["Statement"]
    listed = statements if isinstance(statements, list) else []
    return any(isinstance(statement, Mapping) and statement.get("Effect") == "Deny" for statement in listed)


def _other_qualifier(role: Role, inventory: Inventory, function: Function, qualifier: Text) -> str:
    """A hint where the role may invoke the function under another ARN: the commonest fault."""
    if qualifier and _may_invoke(role, inventory, function, "").allowed:
        return (
            f", only {function.label} itself (a policy for the function's ARN does not cover its aliases and versions)"
        )
    if not qualifier and _may_invoke(role, inventory, function, _ANY_QUALIFIER).allowed:
        return ", only its aliases and versions (a policy for FUNCTION_ARN:* does not cover the function itself)"
    return ""
