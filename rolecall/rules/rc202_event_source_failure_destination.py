"""RC202: records that a mapping cannot process are kept.

Fails for a stream or Kafka topic without an on-failure destination, and for a queue that does not move what fails to a
dead-letter queue. Cannot know when the destination, the queue or the kind of source is not known.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.model import EventSourceMapping, Inventory
from rolecall.unknown import Text, Unknown

_SENDS = {
    "kinesis": "the records of a batch that fails are retried until they expire, and are gone",
    "dynamodb": "the changes of a batch that fails are retried until they expire, and are gone",
    "kafka": "Lambda goes on behind messages that fail, and they are gone",
    "self-managed-kafka": "Lambda goes on behind messages that fail, and they are gone",
}


def check(mapping: EventSourceMapping, inventory: Inventory) -> Verdict:
    label, service = _label(mapping), mapping.service
    if mapping.switched_off:
        return not_applicable(f"{label} is switched off.")
    if isinstance(service, Unknown):
        return unknown(f"What {label} reads from is not known: {service.reason}.")
    if service == "sqs":
        return _queue(mapping, inventory)
    if service not in _SENDS:
        return not_applicable(f"{label} reads from {service}, for which Lambda has no on-failure destination.")
    if isinstance(mapping.on_failure, Unknown):
        return unknown(f"Whether {label} has an on-failure destination is not known: {mapping.on_failure.reason}.")
    if mapping.on_failure is not None:
        return passed(f"{label} sends what it cannot process to {mapping.on_failure.target}.")
    return failed(f"{label} has no on-failure destination: {_SENDS[service]}.", mapping=label, **_facts(mapping))


def _queue(mapping: EventSourceMapping, inventory: Inventory) -> Verdict:
    label = _label(mapping)
    queue = inventory.target(mapping.source, mapping.resource.scope) if mapping.source is not None else None
    if queue is not None and not queue.exists:
        return not_applicable(f"The queue of {label} does not exist any more: no message can be lost.")
    if isinstance(mapping.redrive, Unknown):
        return unknown(f"Whether the queue of {label} has a dead-letter queue is not known: {mapping.redrive.reason}.")
    if mapping.redrive:
        return passed(f"The queue of {label} moves what is not processed to a dead-letter queue.")
    verdict = failed(
        f"The queue of {label} has no dead-letter queue: a message that fails comes back until it expires.",
        mapping=label,
        **_facts(mapping),
    )
    return verdict._replace(remedies=("queue_redrive",))


def _label(mapping: EventSourceMapping) -> str:
    """The mapping for a reader: in an account it has an ID that nobody knows it by."""
    if mapping.resource.framework != "live":
        return mapping.resource.label
    return f"the mapping from {mapping.source or 'a Kafka cluster outside AWS'} ({mapping.resource.label})"


def _facts(mapping: EventSourceMapping) -> dict[str, Text]:
    resource, source = mapping.resource, mapping.source
    live = resource.framework == "live"
    return {
        "uuid": resource.name if live else "MAPPING_UUID",
        "queue": str(source).rpartition(":")[2] if live else "QUEUE_NAME",
        "function_key": resource.address,
        "sam_address": resource.sam_address,
        "sam_part": resource.made_for or resource.address,
    }
