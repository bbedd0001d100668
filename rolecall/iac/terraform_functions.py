"""What a Terraform configuration says of its functions: settings, destinations, log groups, event source mappings.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from rolecall.arn import service_of
from rolecall.iac.permissions import qualifier_of
from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_edge import EdgeFunctions
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import References
from rolecall.iac.terraform_targets import key_arn
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, blocks_of, key_of, root_folder
from rolecall.iac.wiring import NO_LOG_GROUP, SERVICE_OF_SOURCE, UNREAD, on_failure
from rolecall.model import Destination, EventSourceMapping, FileSystem, Function, Resource
from rolecall.unknown import Text, Unknown, same_as, text

_MAPPING, _INVOKE_CONFIG = "aws_lambda_event_source_mapping", "aws_lambda_function_event_invoke_config"
# source -> the attribute that names the key with which its messages are encrypted
_KEYS = {"aws_sqs_queue": "kms_master_key_id", "aws_kinesis_stream": "kms_key_id"}
_PURPOSES = {"on_failure": "on-failure destination", "on_success": "on-success destination"}


class Functions:
    """Reads the functions of one graph. resource_of: makes the model's resource of a vertex, a name and an ARN."""

    def __init__(
        self,
        graph: TerraformGraph,
        values: TerraformValues,
        documents: PolicyDocuments,
        references: References,
        resource_of: Callable[[Vertex, Text, Text], Resource],
    ) -> None:
        self._graph, self._values, self._documents = graph, values, documents
        self._references, self._resource_of = references, resource_of
        self._edge = EdgeFunctions(graph, values, references)
        self.mappings = tuple(self._mapping(vertex) for vertex in graph.of_type(_MAPPING))
        self._mappings: dict[str, list[EventSourceMapping]] = {}
        for mapping in self.mappings:
            if isinstance(mapping.function, str):
                self._mappings.setdefault(mapping.function, []).append(mapping)
        self._destinations: dict[str, list[Destination]] = {}
        for vertex in graph.of_type(_INVOKE_CONFIG):
            function = references.function_of(vertex)
            if function is not None:
                qualifier = self._qualifier(vertex, function)
                sent = [replace(found, qualifier=qualifier) for found in self._sent(vertex, "destination_config")]
                self._destinations.setdefault(key_of(function), []).extend(sent)

    def read(self, vertex: Vertex) -> Function:
        """The function of an ``aws_lambda_function``."""
        key, name = key_of(vertex), name_of(self._values, vertex, "function_name")
        group = self._log_group(vertex, name)
        return Function(
            resource=self._resource_of(vertex, name, self._values.attribute_of(vertex, "arn")),
            partition=self._values.place(vertex).partition,
            role=self._references.role_of(vertex),
            in_vpc=self._in_vpc(vertex),
            snap_start=_has_block(vertex, "snap_start"),
            event_source_mappings=tuple(self._mappings.get(key, ())),
            edge_association=self._edge.of(vertex),
            tracing=self._traces(vertex),
            log_group=group,
            log_group_exists=(root_folder(vertex), same_as(group)) in self._log_groups or NO_LOG_GROUP,
            destinations=(*self._dead_letters(vertex), *self._destinations.get(key, ())),
            file_systems=tuple(self._file_systems(vertex)),
        )

    def _qualifier(self, vertex: Vertex, function: Vertex) -> Text:
        """The alias or version that an invoke configuration is for; empty: the function itself."""
        given = self._values.get(vertex, "function_name") or ""
        arn, name = self._values.attribute_of(function, "arn"), name_of(self._values, function, "function_name")
        named = qualifier_of(given, arn, name)
        qualifier = self._values.get(vertex, "qualifier") or named or ""
        return "" if qualifier == "$LATEST" else qualifier

    @cached_property
    def _log_groups(self) -> set[tuple[str, object]]:
        groups = self._graph.of_type("aws_cloudwatch_log_group")
        return {(root_folder(group), same_as(name_of(self._values, group))) for group in groups}

    def _in_vpc(self, vertex: Vertex) -> bool | Unknown:
        """A ``vpc_config`` without subnets takes the function out of its VPC."""
        blocks = blocks_of(vertex, "vpc_config")
        if not blocks or isinstance(blocks[0], Unknown):
            return blocks[0] if blocks and isinstance(blocks[0], Unknown) else False
        subnets = blocks[0].get("subnet_ids")
        is_variable = isinstance(subnets, str) and subnets.startswith(("var.", "local.", "${var.", "${local."))
        return Unknown(f"{subnets} may be empty") if is_variable else bool(subnets)

    def _log_group(self, vertex: Vertex, name: Text) -> Text:
        """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html"""
        given = next(iter(self._each(vertex, "logging_config", "log_group")), None)
        return text("/aws/lambda/", name) if given is None else given

    def _traces(self, vertex: Vertex) -> bool | Unknown:
        mode = next(iter(self._each(vertex, "tracing_config", "mode")), "PassThrough")
        return mode if isinstance(mode, Unknown) else mode == "Active"

    def _each(self, vertex: Vertex, block: str, attribute: str) -> Iterator[Text]:
        """An attribute of each block of a name, where it is given."""
        for given in blocks_of(vertex, block):
            if isinstance(given, Unknown):
                yield given
            elif given.get(attribute):
                yield self._values.text(vertex, block, given[attribute])

    def _dead_letters(self, vertex: Vertex) -> Iterator[Destination]:
        for block in blocks_of(vertex, "dead_letter_config"):
            if isinstance(block, Unknown):
                yield Destination(UNREAD, block)
            elif block.get("target_arn"):
                target = self._values.text(vertex, "dead_letter_config", block["target_arn"])
                yield Destination("dead-letter target", target)

    def _file_systems(self, vertex: Vertex) -> Iterator[FileSystem]:
        for access_point in self._each(vertex, "file_system_config", "arn"):
            elsewhere = Unknown(f"the file system of {access_point} is not in this configuration")
            points = [t for t in self._graph.targets(vertex, "file_system_config") if _is(t, "aws_efs_access_point")]
            systems = [t for point in points for t in self._graph.targets(point, "file_system_id")]
            systems = [t for t in systems if _is(t, "aws_efs_file_system")]
            if len(systems) != 1:
                yield FileSystem(access_point, elsewhere, elsewhere)
                continue
            policies = [
                self._perhaps(policy) or self._documents.of(policy, "policy")
                for policy in self._graph.possible("aws_efs_file_system_policy")
                if any(target is systems[0] for target in self._graph.targets(policy, "file_system_id"))
            ]
            yield FileSystem(access_point, self._values.attribute_of(systems[0], "arn"), tuple(policies))

    def _perhaps(self, vertex: Vertex) -> Unknown | None:
        """Why it cannot be told whether there is a resource; ``None`` where there is."""
        if not self._graph.may_be_disabled(vertex):
            return None
        return Unknown(f"whether there is {vertex.get('__address__')} is known only when Terraform runs")

    def _sent(self, vertex: Vertex, block: str, attribute: str = "destination") -> Iterator[Destination]:
        """The destinations in a block of ``on_failure`` and ``on_success`` blocks."""
        for given in blocks_of(vertex, block):
            if isinstance(given, Unknown):
                yield Destination(UNREAD, given)
                continue
            for name, purpose in _PURPOSES.items():
                for inner in blocks_of(given, name):
                    target = inner if isinstance(inner, Unknown) else inner.get(attribute)
                    if target:
                        yield Destination(purpose, self._values.text(vertex, block, target))

    def _mapping(self, vertex: Vertex) -> EventSourceMapping:
        function = self._references.function_of(vertex)
        given = self._values.get(vertex, "function_name")
        source = self._values.get(vertex, "event_source_arn")
        failures = [*self._sent(vertex, "destination_config", "destination_arn")]
        address = str(vertex.get("__address__"))
        queues = [
            t for t in self._graph.targets(vertex, "event_source_arn") if t.get("resource_type") == "aws_sqs_queue"
        ]
        return EventSourceMapping(
            resource=self._resource_of(vertex, address, self._values.of(vertex, "arn")),
            function=key_of(function) if function else Unknown(f"the function {given} is not in this configuration"),
            service=self._service(vertex, source),
            source=source,
            on_failure=on_failure(failures),
            redrive=self._redrives(queues[0])
            if len(queues) == 1
            else Unknown(f"the queue {source} is not in this configuration"),
            in_vpc=any(
                "subnet" in str(kind).lower() for kind in self._each(vertex, "source_access_configuration", "type")
            ),
            secrets=tuple(
                secret
                for secret in self._each(vertex, "source_access_configuration", "uri")
                if ":secretsmanager:" in str(secret) or isinstance(secret, Unknown)
            ),
            key=self._key(vertex),
        )

    def _service(self, vertex: Vertex, source: Text | None) -> Text:
        if source is None:
            return "self-managed-kafka"
        named = service_of(source)
        if isinstance(named, Unknown):
            kinds = {
                SERVICE_OF_SOURCE.get(str(t.get("resource_type")))
                for t in self._graph.targets(vertex, "event_source_arn")
            }
            return kinds.pop() or named if len(kinds) == 1 else named
        return named

    def _redrives(self, queue: Vertex) -> bool | Unknown:
        given = self._graph.value(queue, "redrive_policy")
        if isinstance(given, Unknown) and _is(self._values.target(queue, "redrive_policy") or {}, "aws_sqs_queue"):
            return True  # in a plan, it is made of the other queue's ARN
        if isinstance(given, Unknown):
            return given
        if given:
            written = isinstance(given, dict) or str(given).startswith(("{", "${jsonencode({", "jsonencode({"))
            return True if written else Unknown(f"the redrive policy, {given}, is known only when Terraform runs")
        return self._redriven.get(key_of(queue), False)

    @cached_property
    def _redriven(self) -> dict[str, bool | Unknown]:
        """By key of the queue, whether a resource of its own gives it a dead-letter queue."""
        policies = self._graph.possible("aws_sqs_queue_redrive_policy")
        return {
            key_of(queue): self._perhaps(policy) or True
            for policy in policies
            for queue in self._graph.targets(policy, "queue_url")
        }

    def _key(self, mapping: Vertex) -> Text | None:
        """The customer's key of the source, where the source and its key are declared here."""
        for source in self._graph.targets(mapping, "event_source_arn"):
            attribute = _KEYS.get(str(source.get("resource_type")), "")
            key = key_arn(self._graph, self._values, source, attribute) if attribute else None
            if key is not None:
                return key
        return None


def _is(vertex: Vertex, kind: str) -> bool:
    return vertex.get("resource_type") == kind


def _has_block(vertex: Vertex, name: str) -> bool | Unknown:
    blocks = blocks_of(vertex, name)
    unknown = next((block for block in blocks if isinstance(block, Unknown)), None)
    return unknown if unknown is not None and len(blocks) == 1 else bool(blocks)
