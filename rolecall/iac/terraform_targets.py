"""The queues, topics, buses, buckets and keys of a Terraform configuration, with their resource-based policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, key_of, root_folder
from rolecall.model import Document, Resource, Target
from rolecall.unknown import Text, Unknown


@dataclass(frozen=True)
class _Row:
    """type: the target. own: its attribute that holds a policy. policy: the resource type that gives it one.

    of: the attribute of that resource which names the target. name: the target's attribute for its name. key: the
    attribute that names the key with which it is encrypted. encrypts: the resource type that says it instead, its
    attributes for the target and for the key.
    """

    type: str
    policy: str
    of: str
    own: str = ""
    name: str = "name"
    key: str = ""
    encrypts: tuple[str, str, str] = ("", "", "")


_ENCRYPTED = ("aws_s3_bucket_server_side_encryption_configuration", "bucket", "rule")
_ROWS = (
    _Row("aws_sqs_queue", "aws_sqs_queue_policy", "queue_url", own="policy", key="kms_master_key_id"),
    _Row("aws_sns_topic", "aws_sns_topic_policy", "arn", own="policy", key="kms_master_key_id"),
    _Row("aws_s3_bucket", "aws_s3_bucket_policy", "bucket", own="policy", name="bucket",
         key="server_side_encryption_configuration", encrypts=_ENCRYPTED),
    _Row("aws_secretsmanager_secret", "aws_secretsmanager_secret_policy", "secret_arn", own="policy", key="kms_key_id"),
    _Row("aws_kms_key", "aws_kms_key_policy", "key_id", own="policy", name="key_id"),
    _Row("aws_cloudwatch_event_bus", "aws_cloudwatch_event_bus_policy", "event_bus_name"),
)  # fmt: skip


def targets(
    graph: TerraformGraph,
    values: TerraformValues,
    documents: PolicyDocuments,
    resource_of: Callable[[Vertex, Text, Text], Resource],
) -> Iterator[Target]:
    """The targets of one graph. resource_of: makes the model's resource of a vertex, a name and an ARN."""
    for row in _ROWS:
        given, loose = _given(graph, documents, row)
        keys = _keys(graph, values, row)
        for vertex in graph.of_type(row.type):
            policies = list(given.get(key_of(vertex), ()))
            if row.own and vertex.get(row.own):
                policies.append(documents.of(vertex, row.own))
            unknown = loose.get(root_folder(vertex))
            resource = resource_of(vertex, name_of(values, vertex, row.name), values.attribute_of(vertex, "arn"))
            key = key_arn(graph, values, vertex, row.key) if row.key else None
            key = keys.get(key_of(vertex), key)
            yield Target(resource, unknown if unknown is not None else tuple(policies), key)


def key_arn(graph: TerraformGraph, values: TerraformValues, vertex: Vertex, attribute: str) -> Text | None:
    """The ARN of the customer's key that an attribute names, itself or by an alias, where the key is declared here."""
    keys = [t for t in graph.targets(vertex, attribute) if t.get("resource_type") == "aws_kms_key"]
    for alias in graph.targets(vertex, attribute):
        if alias.get("resource_type") == "aws_kms_alias":
            keys += [t for t in graph.targets(alias, "target_key_id") if t.get("resource_type") == "aws_kms_key"]
    return values.attribute_of(keys[0], "arn") if len({key_of(key) for key in keys}) == 1 else None


def _keys(graph: TerraformGraph, values: TerraformValues, row: _Row) -> dict[str, Text]:
    """By key of the target, the customer's key that a resource of its own gives it."""
    found: dict[str, Text] = {}
    kind, of, attribute = row.encrypts
    for vertex in graph.of_type(kind) if kind else ():
        arn = key_arn(graph, values, vertex, attribute)
        if arn is not None and not graph.may_be_disabled(vertex):
            found |= {key_of(t): arn for t in graph.targets(vertex, of) if t.get("resource_type") == row.type}
    return found


def _given(
    graph: TerraformGraph, documents: PolicyDocuments, row: _Row
) -> tuple[dict[str, list[Document]], dict[str, Unknown]]:
    """The policies by key of their target; by root folder, why a policy may be any target's."""
    given: dict[str, list[Document]] = {}
    loose: dict[str, Unknown] = {}
    for policy in graph.possible(row.policy):
        address = policy.get("__address__")
        behind = [t for t in graph.targets(policy, row.of) if t.get("resource_type") == row.type]
        document = documents.of(policy, "policy")
        if graph.may_be_disabled(policy):
            document = Unknown(f"whether there is {address} is known only when Terraform runs")
        for target in behind:
            given.setdefault(key_of(target), []).append(document)
        if not behind:
            loose[root_folder(policy)] = Unknown(f"what {address} belongs to is not known")
    return given, loose
