"""RC127: the execution role may send to the function's dead-letter target and destinations.

Fails when neither the role nor the target's own policy allows it. Cannot know when a policy or the target is not known,
or where the target is in another configuration, whose policy may allow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.arn import service_of
from rolecall.findings import Verdict, not_applicable, unknown
from rolecall.invocation import policy_on
from rolecall.model import Destination, Document, Function, Inventory
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
    destinations, mappings = function.destinations, function.event_source_mappings
    if isinstance(destinations, Unknown):
        return unknown(f"The destinations of {function.label} are not known: {destinations.reason}.")
    failures = [] if isinstance(mappings, Unknown) else [mapping.on_failure for mapping in mappings]
    unread = next((failure for failure in failures if isinstance(failure, Unknown)), None)
    if unread is not None:
        return unknown(f"The destinations of {function.label}'s mappings are not known: {unread.reason}.")
    listed = [*destinations, *(failure for failure in failures if isinstance(failure, Destination))]
    if not listed:
        return not_applicable(f"{function.label} has no dead-letter target and no destination.")
    wanted: list[Need] = []
    for destination in listed:
        needs = list(_needs(destination, function, inventory))
        if not needs:
            return unknown(
                f"What the {destination.purpose} of {function.label} is, {destination.target}, is not known."
            )
        wanted += [*needs, *_key_needs(destination, function, inventory)]
    return can(function, wanted, "may send to its destinations", "Lambda drops what it should send there")


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
    return Unknown(f"{target} is not in this configuration, and its own policy may allow it")
