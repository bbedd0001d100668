"""What the rules RC301 to RC319 have in common: may a service that calls a function as itself invoke it?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecall.findings import Status, Verdict, failed, passed, unknown
from rolecall.iam import Decision, PolicyError, evaluate
from rolecall.iam.document import Policy
from rolecall.invocation import ANY_LOG_GROUP, SERVICES, Call, invocations, invoker_name, label_of, parsed_policy_on
from rolecall.model import Function, Inventory, Invoker
from rolecall.rules.in_code import function_facts
from rolecall.unknown import Following, Text, Tri, Unknown, named, parts_of, text


def by_resource_policy(invoker: Invoker, inventory: Inventory) -> Verdict:
    """Decide the invocation on the policy of the function, or of the alias or version that is called."""
    found = inventory.called_by(invoker)
    if found is None:
        called = named(invoker.function) or "the function"
        why = invoker.function.reason if isinstance(invoker.function, Unknown) else "it is not in this configuration"
        return unknown(f"{invoker.what} calls {called}; whether it may is not known: {why}.")
    function, qualifier = found
    callee = label_of(function, qualifier)
    try:
        policy = parsed_policy_on(inventory, function, qualifier)
        decisions = [(call, _best(call, policy)) for call in invocations(invoker, function, qualifier)]
    except PolicyError as fault:
        return unknown(f"The policy of {callee} cannot be read as a policy: {fault}.")
    answer, gravest = _folded(decisions)
    if answer:
        return passed(f"{invoker.what} may invoke {callee}.", *gravest.reasons)
    reasons = ("; ".join(gravest.reasons) if policy.statements else "its policy has no statement") + _which(decisions)
    if answer is None:
        return unknown(f"Whether {invoker.inside} may invoke {callee} is not known: {reasons}.")
    service = SERVICES[invoker.kind]
    return failed(
        f"{invoker.what} cannot invoke {callee}: {reasons}.{_elsewhere(inventory, function, qualifier)} "
        f"Until it may, {service.loses}.",
        *gravest.reasons,
        **facts(invoker, function, qualifier),
    )


def unless(reason: str, verdict: Verdict) -> Verdict:
    """The verdict, but unknown where it fails: something that is not known may let the service in all the same."""
    if verdict.status is not Status.FAIL:
        return verdict
    return unknown(f"{verdict.message} {reason}", *verdict.evidence)


def unless_in_code(reason: str, invoker: Invoker, verdict: Verdict) -> Verdict:
    """The same where the service changes the policy itself: code does not show it, an account does."""
    return verdict if invoker.resource.framework == "live" else unless(reason, verdict)


Decided = tuple[Call, Decision]


def _best(call: Call, policy: Policy) -> Decision:
    """The decision on the principal that gets furthest."""
    decisions = [evaluate(asked, resource_policy=policy) for asked in call.asked]
    return max(decisions, key=lambda made: {True: 2, None: 1, False: 0}[made.allowed])


def _folded(decisions: Sequence[Decided]) -> tuple[Tri, Decision]:
    """Whether the wiring may make its calls, and the decision that says so.

    All actions are needed. Of one action, some calls that may be made and others that may not are no verdict: it may be
    meant so. Neither is a refused action of which it is not documented that it is needed.
    """
    answer: Tri = True
    for action in dict.fromkeys(call.action for call, _ in decisions):
        allowed = [decision.allowed for call, decision in decisions if call.action == action]
        if action.certain and all(each is False for each in allowed):
            return False, next(decision for call, decision in decisions if call.action == action)
        if not all(allowed):
            answer = None
    graver = (decision for _, decision in decisions if not decision.allowed)
    return answer, next(graver, decisions[0][1])


def _which(decisions: Sequence[Decided]) -> str:
    """Which of several calls or actions may not be made, where others may."""
    refused = [call for call, decision in decisions if decision.allowed is False]
    if not refused or len(refused) == len(decisions):
        return ""
    actions = dict.fromkeys(call.action.name for call, _ in decisions)
    names = dict.fromkeys(" ".join([call.action.name] * (len(actions) > 1) + [call.name]).strip() for call in refused)
    return f" (not allowed: {', '.join(filter(None, names))})"


def _elsewhere(inventory: Inventory, function: Function, qualifier: Text) -> str:
    """A hint where the policy has statements for another qualifier, which do not count."""
    policy = inventory.policy_of(function)
    others = {permission.qualifier for permission in policy} - {qualifier} if isinstance(policy, tuple) else set()
    if not others:
        return ""
    names = ", ".join(sorted(f"alias or version {named(other) or other}" if other else "the function itself"
                             for other in others))  # fmt: skip
    return f" Statements for {names} do not cover this."


def _in_sam(invoker: Invoker, function: Function) -> Text:
    """Where SAM's form of the remediation goes; an API that SAM does not make knows neither events nor ``Auth``."""
    of_api = invoker.resource.sam_address if invoker.kind.startswith("api_gateway") else ""
    return of_api if isinstance(of_api, Unknown) else function.resource.sam_address


def facts(invoker: Invoker, function: Function, qualifier: Text) -> dict[str, Text]:
    """What the remediation names."""
    account = invoker.resource.account
    if isinstance(account, Unknown) and invoker.resource.framework.startswith("terraform"):
        account = Unknown(account.reason, "data.aws_caller_identity.current.account_id")
    name = invoker.resource.address.rsplit(".", 1)[-1]
    called = (function.resource.name, *((":", qualifier) if qualifier else ()))
    return {
        **function_facts(function),
        "sam_address": _in_sam(invoker, function),
        "callee": function.resource.name if isinstance(qualifier, Following) else text(*called),
        "qualifier": (named(qualifier) or qualifier) if qualifier else "none, it is the function itself",
        "principal": SERVICES[invoker.kind].principal,
        "source_arn": _referable(invoker),
        "account": account,
        "invoker_name": invoker_name(invoker),
        "invoker_id": "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name)),
    }


def _in_template(invoker: Invoker) -> bool:
    return invoker.resource.framework in ("cloudformation", "sam", "serverless")


# At the end of ARNs; no attribute gives just this part.
_SUFFIX = re.compile(r"(?:suffix|TargetGroupFullName)$")
# By kind, the attribute with the name that stands in the ARN, where CloudFormation's Ref gives something else.
_NAMES = {"sns_subscription": "TopicName", "codecommit_trigger": "Name"}


def _referable(invoker: Invoker) -> Text:
    """The source ARN as code can write it."""
    in_template = _in_template(invoker)
    parts: list[Text] = []
    for part in parts_of(invoker.source_arn):
        symbol = named(part)
        if isinstance(part, str):
            parts.append(part)
        elif part == ANY_LOG_GROUP or _SUFFIX.search(symbol):
            parts.append("*")
        elif in_template and symbol.isalnum() and invoker.kind == "s3_notification":
            parts.append("BUCKET_NAME")  # the bucket can be made only when the permission is there: no reference to it
        elif in_template and symbol.isalnum() and invoker.kind in _NAMES:
            parts.append(Unknown(part.reason, f"{symbol}.{_NAMES[invoker.kind]}"))
        elif in_template and symbol.isalnum() and invoker.resource.type == "AWS::Events::Rule":
            return Unknown(part.reason, f"{invoker.resource.address}.Arn")  # Ref gives BUS|RULE on a bus of one's own
        else:
            parts.append(part)
    return text(*parts)
