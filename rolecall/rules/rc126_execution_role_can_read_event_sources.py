"""RC126: the execution role may read every queue and stream that Lambda polls for the function.

Fails when an action that the kind of source needs is not allowed on that source. Cannot know when a policy or the kind
of source is not known, or where AWS does not always ask for an action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rolecall.findings import Verdict, not_applicable, unknown
from rolecall.model import EventSourceMapping, Function, Inventory
from rolecall.rules.keys import key_needs
from rolecall.rules.needs import Need, can, need
from rolecall.rules.rc125_execution_role_can_manage_network_interfaces import interface_needs
from rolecall.unknown import Text, Unknown, parts_of, text

_SHARDS = "kinesis:ListShards"
_DECRYPT = "kms:Decrypt"
_NETWORK = ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups")


def check(function: Function, inventory: Inventory) -> Verdict:
    mappings = function.event_source_mappings
    if isinstance(mappings, Unknown):
        return unknown(f"The event source mappings of {function.label} are not known: {mappings.reason}.")
    if not mappings:
        return not_applicable(f"{function.label} has no event source mapping.")
    polled = [mapping for mapping in mappings if not mapping.switched_off]
    if not polled:
        return not_applicable(f"Every event source mapping of {function.label} is switched off.")
    read = [mapping for mapping in polled if not _is_gone(mapping, inventory)]
    if not read:
        return not_applicable(f"What {function.label} is mapped to, {polled[0].source}, does not exist any more.")
    wanted: list[Need] = []
    for mapping in read:
        of_kind = _NEEDS.get(mapping.service) if isinstance(mapping.service, str) else None
        if of_kind is None:
            why = mapping.service.reason if isinstance(mapping.service, Unknown) else f"{mapping.service} is new to us"
            return unknown(f"What {mapping.resource.label} reads from is not known: {why}.")
        wanted += [_with_policies(one, function, inventory) for one in of_kind(mapping, function)]
        wanted += _decrypts(mapping, function, inventory)
    return can(function, wanted, "may read its event sources", "Lambda cannot read them, and records expire unseen")


def _is_gone(mapping: EventSourceMapping, inventory: Inventory) -> bool:
    """Whether there is nothing to read any more: the mapping is a fault, but none of the role's."""
    source = inventory.target(mapping.source, mapping.resource.scope) if mapping.source is not None else None
    return source is not None and not source.exists


def _sqs(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    yield need(_source(mapping), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _kinesis(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html

    A consumer with fan-out is subscribed to; the stream behind it is only described. Where DescribeStream is allowed,
    Lambda tries ListShards and does without: https://github.com/serverless/serverless/issues/8540
    """
    source = _source(mapping)
    stream = _before(source, "/consumer/")
    described = (("kinesis:DescribeStream",), ("kinesis:DescribeStreamSummary",))
    if stream is not None:
        yield need(source, "kinesis:SubscribeToShard")
        yield Need(stream, tuple((*actions, _SHARDS) for actions in described))
        return
    read = ("kinesis:GetRecords", "kinesis:GetShardIterator")
    ways = tuple((*actions, *read, _SHARDS) for actions in described)
    yield Need(source, (*ways, ("kinesis:DescribeStream", *read)))
    yield need(source, _SHARDS, certain=False)


def _dynamodb(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html"""
    actions = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    yield need(_source(mapping), *(f"dynamodb:{action}" for action in actions))


def _msk(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html"""
    described = ("kafka:DescribeClusterV2", "kafka:DescribeCluster")
    yield Need(_source(mapping), tuple((action, "kafka:GetBootstrapBrokers") for action in described))
    yield from _connected(function)
    yield from _signed_in(mapping)


def _kafka(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-permissions.html"""
    if mapping.in_vpc:
        yield from _connected(function)
    yield from _signed_in(mapping)


def _mq(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/process-mq-messages-with-lambda.html

    A public broker needs no VPC.
    """
    yield need(_source(mapping), "mq:DescribeBroker")
    yield from _signed_in(mapping)
    yield from _connected(function, certain=False)


def _documentdb(mapping: EventSourceMapping, function: Function) -> Iterator[Need]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html#docdb-permissions"""
    yield need(_source(mapping), "rds:DescribeDBClusters")
    yield need("*", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups", certain=False)
    yield from _signed_in(mapping)
    yield from _connected(function)


_NEEDS: Mapping[str, Callable[[EventSourceMapping, Function], Iterator[Need]]] = {
    "sqs": _sqs,
    "kinesis": _kinesis,
    "dynamodb": _dynamodb,
    "kafka": _msk,
    "self-managed-kafka": _kafka,
    "mq": _mq,
    "rds": _documentdb,
}


def _source(mapping: EventSourceMapping) -> Text:
    return Unknown("the mapping names no source") if mapping.source is None else mapping.source


def _connected(function: Function, *, certain: bool = True) -> Iterator[Need]:
    """What Lambda needs to reach a source in a VPC."""
    for wanted in [*interface_needs(function), need("*", *_NETWORK)]:
        yield Need(wanted.resource, wanted.ways, "to reach the source's VPC", certain=certain)


def _signed_in(mapping: EventSourceMapping) -> Iterator[Need]:
    for secret in mapping.secrets:
        yield need(secret, "secretsmanager:GetSecretValue", purpose="to sign in")


def _decrypts(mapping: EventSourceMapping, function: Function, inventory: Inventory) -> Iterator[Need]:
    """kms:Decrypt on the customer's keys of the source and of the secrets that Lambda signs in with.

    Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html and
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    if mapping.source is not None:
        yield from key_needs(function, inventory, mapping.key, mapping.source, _DECRYPT, purpose="the source's key")
    for secret in mapping.secrets:
        found = inventory.target(secret, mapping.resource.scope)
        if found is not None:
            yield from key_needs(function, inventory, found.key, secret, _DECRYPT, purpose="the secret's key")


def _with_policies(wanted: Need, function: Function, inventory: Inventory) -> Need:
    """A need with the resource's own policies, which in one account may allow what the role's do not."""
    found = inventory.target(wanted.resource, function.resource.scope) if wanted.policies == () else None
    return wanted if found is None else wanted._replace(policies=found.policies)


def _before(value: Text, mark: str) -> Text | None:
    """What stands before a mark in a text; ``None`` when it is not in it."""
    pieces = parts_of(value)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and mark in piece:
            return text(*pieces[:at], piece.partition(mark)[0])
    return None
