"""The queues, topics, buses, buckets and keys of a template, with their resource-based policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iac.cloudformation_arns import name_of
from rolecall.iac.cloudformation_values import TemplateValues, document_of, target_of
from rolecall.iac.template import Declared
from rolecall.model import Document, Resource, Target
from rolecall.unknown import Text, Unknown


@dataclass(frozen=True)
class _Row:
    """type: the target. name: its property for its name. arn: the attribute that gives its ARN.

    policy: the type that gives it a policy. of: the property there that names the target or the targets. document: the
    property there that holds the policy. own: the target's own property that holds one. key: the path of the property
    that names the key with which it is encrypted.
    """

    type: str
    name: str
    arn: str
    policy: str
    of: str
    document: str = "PolicyDocument"
    own: str = ""
    key: tuple[str, ...] = ()


_ENCRYPTION = ("BucketEncryption", "ServerSideEncryptionConfiguration", "ServerSideEncryptionByDefault",
               "KMSMasterKeyID")  # fmt: skip
_ROWS = (
    _Row("AWS::SQS::Queue", "QueueName", "Arn", "AWS::SQS::QueuePolicy", "Queues", key=("KmsMasterKeyId",)),
    _Row("AWS::SNS::Topic", "TopicName", "", "AWS::SNS::TopicPolicy", "Topics", key=("KmsMasterKeyId",)),
    _Row("AWS::S3::Bucket", "BucketName", "Arn", "AWS::S3::BucketPolicy", "Bucket", key=_ENCRYPTION),
    _Row(
        "AWS::SecretsManager::Secret",
        "Name",
        "",
        "AWS::SecretsManager::ResourcePolicy",
        "SecretId",
        "ResourcePolicy",
        key=("KmsKeyId",),
    ),
    _Row("AWS::KMS::Key", "", "Arn", "", "", own="KeyPolicy"),
    _Row("AWS::Events::EventBus", "Name", "Arn", "AWS::Events::EventBusPolicy", "EventBusName", "Statement"),
)


def targets(values: TemplateValues, resource_of: Callable[[Declared, Text, Text], Resource]) -> Iterator[Target]:
    """The targets of one template. resource_of: makes the model's resource of a declaration, a name and an ARN."""
    for row in _ROWS:
        given: dict[str, list[Document]] = {}
        loose: Unknown | None = None
        for policy in values.made(row.policy):
            for raw in values.intrinsics.elements(policy.properties.get(row.of)):
                target, _ = target_of(values.chosen(raw))
                if target in values.template.resources:
                    given.setdefault(target, []).append(_document(values, policy, row))
                else:
                    loose = Unknown(f"what {policy.logical} belongs to is not known")
        for declared in values.made(row.type):
            name, arn = name_of(values, declared, row.name), values.attribute_of(declared.logical, row.arn)
            policies = tuple(given.get(declared.logical, ()))
            if row.own in declared.properties:
                policies += (document_of(values.value(declared, row.own)),)
            key = key_arn(values, declared.properties, row.key) if row.key else None
            yield Target(resource_of(declared, name, arn), policies if loose is None else loose, key)


def key_arn(values: TemplateValues, given: Any, path: tuple[str, ...]) -> Text | None:
    """The ARN of the customer's key that a property names, itself or by an alias, where the key is declared here."""
    for name in path:
        found = values.intrinsics.elements(given) if isinstance(given, list) else [given]
        inner = found[0] if len(found) == 1 else None
        given = inner.get(name) if isinstance(inner, Mapping) else None
    resources = values.template.resources
    declared = resources.get(target_of(values.chosen(given))[0])
    if declared is not None and declared.type == "AWS::KMS::Alias":
        declared = resources.get(target_of(values.chosen(declared.properties.get("TargetKeyId")))[0])
    if declared is None or declared.type != "AWS::KMS::Key":
        return None
    return values.attribute_of(declared.logical, "Arn")


def _document(values: TemplateValues, policy: Declared, row: _Row) -> Document:
    if not values.certainly_made(policy):
        return Unknown(f"{policy.logical} is made under the condition {policy.condition}")
    value = document_of(values.value(policy, row.document))
    return {"Statement": [value]} if row.document == "Statement" and not isinstance(value, Unknown) else value
