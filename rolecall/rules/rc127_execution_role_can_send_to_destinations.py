"""RC127: the execution role may send to the function's dead-letter target and destinations.

Fails when neither the role nor the target's own policy allows it, and in an account when there is no such target any
more. Cannot know when a policy or the target is not known, or where the target is in another configuration or account,
whose policy may allow it. In an account the destinations of asynchronous invocations are known for functions that
something invokes so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.arn import service_of
from rolecall.findings import Status, Verdict, failed, not_applicable, unknown
from rolecall.invocation import ASYNCHRONOUS, policy_on
from rolecall.model import Destination, Document, Function, Inventory
from rolecall.rules.in_code import function_facts
from rolecall.rules.keys import key_needs
from rolecall.rules.needs import Need, can, need
from rolecall.unknown import Text, Unknown, text

# service in the target's ARN -> the action
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
_ACTIONS: Mapping[str, str] = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
}
# service -> the actions on the customer's key of the target
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#send-to-encrypted-queue
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
_KEY_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sns": ("kms:GenerateDataKey", "kms:Decrypt"),
    "s3": ("kms:GenerateDataKey",),
}


def check(function: Function, inventory: Inventory) -> Verdict:
    verdict = _check(function, inventory)
    unread = _more(function)
    if verdict.status is not Status.PASS:
        return verdict
    if unread is not None:
        return unknown(f"Whether {function.label} has other destinations is not known: {unread.reason}.")
    if function.got_events != () or any(inventory.invokers_of(function, kind) for kind in ASYNCHRONOUS):
        return verdict
    return verdict._replace(message=f"{verdict.message} {_NOT_ASKED}")


_NOT_ASKED = (
    "Its destinations for asynchronous invocations were not asked for: nothing that was read is wired to invoke it so, "
    "and nothing did in the last two weeks."
)


def _more(function: Function) -> Unknown | None:
    """Why the function may have other destinations than are known; in code one that cannot be told is no fault."""
    mappings = function.event_source_mappings
    if isinstance(mappings, Unknown) and function.resource.framework == "live":
        return mappings
    return function.more_destinations


def _check(function: Function, inventory: Inventory) -> Verdict:
    destinations, mappings = function.destinations, function.event_source_mappings
    if isinstance(destinations, Unknown):
        return unknown(f"The destinations of {function.label} are not known: {destinations.reason}.")
    failures = [] if isinstance(mappings, Unknown) else [m.on_failure for m in mappings if not m.switched_off]
    unread = next((failure for failure in failures if isinstance(failure, Unknown)), None)
    if unread is not None:
        return unknown(f"The destinations of {function.label}'s mappings are not known: {unread.reason}.")
    listed = [*destinations, *(failure for failure in failures if isinstance(failure, Destination))]
    if not listed:
        return not_applicable(f"{function.label} has no dead-letter target and no destination that is known.")
    wanted: list[Need] = []
    for destination in listed:
        found = inventory.target(destination.target, function.resource.scope)
        if found is not None and not found.exists:
            return _gone(destination, function)
        needs = list(_needs(destination, function, inventory))
        if not needs:
            return unknown(
                f"What the {destination.purpose} of {function.label} is, {destination.target}, is not known."
            )
        wanted += [*needs, *_key_needs(destination, function, inventory)]
    return can(function, wanted, "may send to its destinations", "Lambda drops what it should send there")


def _gone(destination: Destination, function: Function) -> Verdict:
    verdict = failed(
        f"The {destination.purpose} of {function.label}, {destination.target}, does not exist: Lambda drops what it "
        "should send there.",
        purpose=destination.purpose,
        target=destination.target,
        **function_facts(function),
    )
    return verdict._replace(remedies=("destination_gone",))


def _needs(destination: Destination, function: Function, inventory: Inventory) -> Iterator[Need]:
    target = destination.target
    if isinstance(target, str) and target.startswith("kafka://"):
        return  # a topic of the source's own cluster, whose authorization is its own
    service = service_of(target)
    policies = _policies_of(target, function, inventory)
    if service == "s3":
        yield need(target, "s3:ListBucket", purpose=destination.purpose, policies=policies)
        yield need(text(target, "/", Unknown("Lambda names the object")), "s3:PutObject", purpose=destination.purpose,
                   policies=policies)  # fmt: skip
    elif isinstance(service, str) and service in _ACTIONS:
        yield need(target, _ACTIONS[service], purpose=destination.purpose, policies=policies)


def _key_needs(destination: Destination, function: Function, inventory: Inventory) -> Iterator[Need]:
    target, service = destination.target, service_of(destination.target)
    found = inventory.target(target, function.resource.scope)
    actions = _KEY_ACTIONS.get(service) if isinstance(service, str) else None
    if found is not None and actions:
        purpose = f"the key of the {destination.purpose}"
        yield from key_needs(function, inventory, found.key, target, *actions, purpose=purpose)


def _policies_of(target: Text, function: Function, inventory: Inventory) -> tuple[Document, ...] | Unknown:
    """The target's own policies, which in one account may allow what the role's do not."""
    found = inventory.target(target, function.resource.scope)
    if found is not None:
        return found.policies
    called = inventory.function_at(target, function.resource.scope)
    if called is not None:
        return (policy_on(inventory, *called),)
    where = "read" if function.resource.framework == "live" else "in this configuration"
    return Unknown(f"{target} is not {where}, and its own policy may allow it")
