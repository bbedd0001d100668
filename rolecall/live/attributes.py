"""What AWS services tell of a thing that Lambda sends to or reads from: its own policy, and the key that encrypts it.

One row for each service, by its name in ARNs. Whoever asks gets a ``CallFailed`` where a call gives no answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.live.calls import CallFailed, Unread
from rolecall.live.place import Place
from rolecall.model import Document
from rolecall.unknown import Unknown


@dataclass(frozen=True)
class Attributes:
    """policies: none is AWS's default. key: as the service names it, by ARN, ID or alias; ``None``: AWS's own, or none.

    redrive: of a queue, whether it moves what is not processed to another.
    """

    policies: tuple[Document, ...] = ()
    key: str | None = None
    redrive: bool = False


def documents(text: object) -> tuple[Document, ...]:
    """A policy that a service gives as text; none for no text, and for an empty object, which Kinesis gives."""
    if not text:
        return ()
    try:
        document = json.loads(str(text))
    except ValueError:
        return (Unread("a policy is not JSON"),)
    if document == {}:
        return ()
    return (document if isinstance(document, dict) else Unread("a policy is not a JSON object"),)


def _queue(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html

    Its URL follows from its ARN:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    """
    names = ["Policy", "RedrivePolicy", "KmsMasterKeyId"]
    response = place.call("sqs", "get_queue_attributes", QueueUrl=queue_url(arn), AttributeNames=names)
    given = response.get("Attributes") or {}
    return Attributes(documents(given.get("Policy")), given.get("KmsMasterKeyId"), bool(given.get("RedrivePolicy")))


def queue_url(arn: str) -> str:
    _, partition, _, region, account, name = arn.split(":", 5)
    return f"https://sqs.{region}.amazonaws.com{'.cn' if partition == 'aws-cn' else ''}/{account}/{name}"


def _topic(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html"""
    given = place.call("sns", "get_topic_attributes", TopicArn=arn).get("Attributes") or {}
    return Attributes(documents(given.get("Policy")), given.get("KmsMasterKeyId"))


def _bus(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html"""
    return Attributes(documents(place.call("events", "describe_event_bus", Name=arn).get("Policy")))


def _bucket(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html,
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html

    The name may be another account's: then S3 refuses, since it is not the owner that is expected.
    """
    of = {"Bucket": arn.rpartition(":")[2], "ExpectedBucketOwner": place.account}
    policy = _perhaps(place, "NoSuchBucketPolicy", "s3", "get_bucket_policy", **of).get("Policy")
    missing = "ServerSideEncryptionConfigurationNotFoundError"
    encryption = _perhaps(place, missing, "s3", "get_bucket_encryption", **of)
    rules = (encryption.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ()
    by_default = [rule.get("ApplyServerSideEncryptionByDefault") or {} for rule in rules]
    return Attributes(documents(policy), next((k for d in by_default if (k := d.get("KMSMasterKeyID"))), None))


def _function(place: Place, arn: str) -> Attributes:
    """The policy of a function, or of its alias or version.

    https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html answers in one way for a function without a policy
    and for none; https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html tells them apart.
    """
    name, _, qualifier = arn.split(":", 6)[6].partition(":")
    of = {"FunctionName": name, **({"Qualifier": qualifier} if qualifier else {})}
    policy = _perhaps(place, "ResourceNotFoundException", "lambda", "get_policy", **of).get("Policy")
    if not policy:
        place.call("lambda", "get_function_configuration", **of)
    return Attributes(documents(policy))


def _secret(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html (names no key where it is
    AWS's own), https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetResourcePolicy.html
    """
    key = place.call("secretsmanager", "describe_secret", SecretId=arn).get("KmsKeyId")
    policy = place.call("secretsmanager", "get_resource_policy", SecretId=arn).get("ResourcePolicy")
    return Attributes(documents(policy), key)


def _stream(place: Place, arn: str) -> Attributes:
    """A stream or a consumer of it, which has a policy of its own.

    https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html,
    https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html
    """
    summary: Mapping[str, Any] = {}
    if "/consumer/" not in arn:
        described = place.call("kinesis", "describe_stream_summary", StreamARN=arn)
        summary = described.get("StreamDescriptionSummary") or {}
    policy = _perhaps(place, "ResourceNotFoundException", "kinesis", "get_resource_policy", ResourceARN=arn)
    key = summary.get("KeyId") if summary.get("EncryptionType") == "KMS" else None
    return Attributes(documents(policy.get("Policy")), key)


def _table_stream(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html"""
    policy = _perhaps(place, "PolicyNotFoundException", "dynamodb", "get_resource_policy", ResourceArn=arn)
    return Attributes(documents(policy.get("Policy")))


def _cluster(place: Place, arn: str) -> Attributes:
    """https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-policy.html: NotFound where it has none."""
    return Attributes(
        documents(_perhaps(place, "NotFoundException", "kafka", "get_cluster_policy", ClusterArn=arn).get("Policy"))
    )


def _perhaps(place: Place, missing: str, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
    """One call, nothing where it is answered by the code for what is not set. Raises ``CallFailed`` for others."""
    try:
        return place.call(service, operation, **parameters)
    except CallFailed as failure:
        if failure.code == missing:
            return {}
        raise


@dataclass(frozen=True)
class Row:
    """type: CloudFormation's. read: what a service tells of an ARN; the place is of the ARN's region.

    actions: the IAM actions that it takes.
    """

    type: str
    read: Callable[[Place, str], Attributes]
    actions: tuple[str, ...]


KEY_ACTIONS = ("kms:DescribeKey", "kms:GetKeyPolicy")
ROWS: Mapping[str, Row] = {
    "dynamodb": Row("AWS::DynamoDB::Table", _table_stream, ("dynamodb:GetResourcePolicy",)),
    "events": Row("AWS::Events::EventBus", _bus, ("events:DescribeEventBus",)),
    "kafka": Row("AWS::MSK::Cluster", _cluster, ("kafka:GetClusterPolicy",)),
    "kinesis": Row("AWS::Kinesis::Stream", _stream, ("kinesis:DescribeStreamSummary", "kinesis:GetResourcePolicy")),
    "lambda": Row("AWS::Lambda::Function", _function, ("lambda:GetPolicy", "lambda:GetFunctionConfiguration")),
    "s3": Row("AWS::S3::Bucket", _bucket, ("s3:GetBucketPolicy", "s3:GetEncryptionConfiguration")),
    "secretsmanager": Row(
        "AWS::SecretsManager::Secret", _secret, ("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy")
    ),
    "sns": Row("AWS::SNS::Topic", _topic, ("sns:GetTopicAttributes",)),
    "sqs": Row("AWS::SQS::Queue", _queue, ("sqs:GetQueueAttributes",)),
}


def key_arn(place: Place, named: str) -> str | Unknown | None:
    """The ARN of a key that a service names; ``None`` for AWS's own, which ask the role for nothing.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id (ID, ARN, alias)
    """
    alias = named.partition("alias/")[2]
    if alias.startswith("aws/"):
        return None
    if alias:
        try:
            described = place.call("kms", "describe_key", KeyId=named).get("KeyMetadata") or {}
        except CallFailed as failure:
            return Unknown(f"there is no key {named}") if failure.gone else failure.unread
        return None if described.get("KeyManager") == "AWS" else described.get("Arn")
    return named if named.startswith("arn:") else place.arn("kms", f"key/{named}")


def key_policies(place: Place, arn: str) -> tuple[Document, ...] | Unknown:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html: its one policy is named default."""
    try:
        return documents(place.call("kms", "get_key_policy", KeyId=arn, PolicyName="default").get("Policy"))
    except CallFailed as failure:
        return Unknown(f"there is no key {arn}") if failure.gone else failure.unread
