"""What a template says of its functions: settings, destinations, log groups, event source mappings.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from rolecall.arn import parse_arn, service_of
from rolecall.iac.cloudformation_arns import function_arn, name_of
from rolecall.iac.cloudformation_graph import key
from rolecall.iac.cloudformation_references import References
from rolecall.iac.cloudformation_targets import key_arn
from rolecall.iac.cloudformation_values import TemplateValues, document_of, target_of
from rolecall.iac.intrinsics import ABSENT, as_text
from rolecall.iac.template import Declared
from rolecall.iac.wiring import NO_LOG_GROUP, SERVICE_OF_SOURCE, UNREAD, on_failure
from rolecall.model import Destination, EventSourceMapping, FileSystem, Function, Resource
from rolecall.unknown import Text, Unknown, same_as, text

_MAPPING, _INVOKE_CONFIG = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
_PURPOSES = {"OnFailure": "on-failure destination", "OnSuccess": "on-success destination"}
_KEYS = (("KmsMasterKeyId",), ("StreamEncryption", "KeyId"))


class Functions:
    """Reads the functions of one template. resource_of: makes the model's resource of a declaration, name and ARN."""

    def __init__(
        self,
        values: TemplateValues,
        references: References,
        resource_of: Callable[[Declared, Text, Text], Resource],
    ) -> None:
        self._values, self._references, self._resource_of = values, references, resource_of
        self._mappings: dict[str, list[EventSourceMapping]] = {}
        self.mappings = tuple(self._mapping(declared) for declared in values.made(_MAPPING))
        self._destinations: dict[str, list[Destination]] = {}
        for declared in values.made(_INVOKE_CONFIG):
            function = references.function_behind(declared.properties.get("FunctionName"))
            if function is not None:
                qualifier = values.get(declared, "Qualifier") or ""
                qualifier = "" if qualifier == "$LATEST" else qualifier
                sent = [replace(destination, qualifier=qualifier) for destination in self._sent(declared)]
                self._destinations.setdefault(function.logical, []).extend(sent)

    def read(self, declared: Declared) -> Function:
        """The function of an ``AWS::Lambda::Function``."""
        name = name_of(self._values, declared, "FunctionName")
        group = self._log_group(declared, name)
        return Function(
            resource=self._resource_of(declared, name, function_arn(self._values, declared)),
            partition=self._values.intrinsics.partition,
            role=self._references.role_of(declared),
            in_vpc=self._in_vpc(declared),
            snap_start=self._has(declared, "SnapStart"),
            event_source_mappings=tuple(self._mappings.get(declared.logical, ())),
            edge_association=declared.logical in self._edge_functions or self._edge_unread,
            tracing=self._traces(declared),
            log_group=group,
            log_group_exists=same_as(group) in self._log_groups or NO_LOG_GROUP,
            destinations=(*self._dead_letters(declared), *self._destinations.get(declared.logical, ())),
            file_systems=tuple(self._file_systems(declared)),
            silent=bool(declared.attributes.get("disableLogs")),
        )

    @cached_property
    def _edge_functions(self) -> set[str]:
        """Logical IDs of the functions that CloudFront runs."""
        behind = (self._edge_function(raw) for raw in self._edge_arns)
        return {function.logical for function in behind if function is not None}

    def _edge_function(self, raw: Any) -> Declared | None:
        """The declared function that a distribution names, by reference or, in an ARN that is written out, by name."""
        found = self._references.function_behind(raw)
        given = self._values.intrinsics.text(raw)
        arn = parse_arn(given) if found is None and isinstance(given, str) else None
        return self._references.function_behind(arn.resource.split(":")[1]) if arn and ":" in arn.resource else found

    @cached_property
    def _edge_unread(self) -> bool | Unknown:
        """``Unknown`` where CloudFront runs a function that cannot be told."""
        for raw in self._edge_arns:
            given = self._values.intrinsics.text(raw)
            if isinstance(given, Unknown) and self._edge_function(raw) is None:
                return Unknown(f"which function a distribution runs: {given.reason}")
        return False

    @cached_property
    def _edge_arns(self) -> list[Any]:
        """What distributions name as functions to run, as written."""
        elements = self._values.intrinsics.elements
        found: list[Any] = []
        for declared in self._values.made("AWS::CloudFront::Distribution"):
            config = declared.properties.get("DistributionConfig")
            config = config if isinstance(config, dict) else {}
            for behavior in [config.get("DefaultCacheBehavior"), *elements(config.get("CacheBehaviors"))]:
                listed = behavior.get("LambdaFunctionAssociations") if isinstance(behavior, dict) else None
                for association in elements(listed):
                    found.append(association.get("LambdaFunctionARN") if isinstance(association, dict) else association)
        return found

    @cached_property
    def _log_groups(self) -> set[object]:
        groups = self._values.of_type("AWS::Logs::LogGroup")
        return {same_as(name_of(self._values, group, "LogGroupName")) for group in groups}

    def _has(self, declared: Declared, name: str) -> bool | Unknown:
        value: Any = self._values.value(declared, name)
        return value if isinstance(value, Unknown) else value not in (None, ABSENT, {}, [])

    def _in_vpc(self, declared: Declared) -> bool | Unknown:
        """A ``VpcConfig`` without subnets takes the function out of its VPC."""
        subnets = self._values.value(declared, "VpcConfig", "SubnetIds")
        return subnets if isinstance(subnets, Unknown) else bool(subnets) and subnets is not ABSENT

    def _log_group(self, declared: Declared, name: Text) -> Text:
        """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html"""
        given = next(self._each(declared, "LoggingConfig", "LogGroup"), None)
        return text("/aws/lambda/", name) if given is None else given

    def _traces(self, declared: Declared) -> bool | Unknown:
        mode = next(self._each(declared, "TracingConfig", "Mode"), "PassThrough")
        return mode if isinstance(mode, Unknown) else mode == "Active"

    def _each(self, declared: Declared, name: str, inner: str) -> Iterator[Text]:
        """A property of the object or objects in another, where it is given."""
        for block in self._values.blocks(declared, name):
            if isinstance(block, Unknown):
                yield block
            elif block.get(inner):
                yield as_text(block[inner])

    def _dead_letters(self, declared: Declared) -> Iterator[Destination]:
        for block in self._values.blocks(declared, "DeadLetterConfig"):
            if isinstance(block, Unknown):
                yield Destination(UNREAD, block)
            elif block.get("TargetArn"):
                switched = self._values.may_be_left_out(declared, "DeadLetterConfig", "TargetArn")
                yield Destination(UNREAD if switched else "dead-letter target", as_text(block["TargetArn"]))

    def _file_systems(self, declared: Declared) -> Iterator[FileSystem]:
        for raw in self._values.intrinsics.elements(declared.properties.get("FileSystemConfigs")):
            given = raw.get("Arn") if isinstance(raw, dict) else None
            access_point = self._values.intrinsics.text(given) or Unknown("the access point is not known")
            elsewhere = Unknown(f"the file system of {access_point} is not in this template")
            point = self._values.template.resources.get(target_of(self._values.chosen(given))[0])
            named = point.properties.get("FileSystemId") if point else None
            system = self._values.template.resources.get(target_of(self._values.chosen(named))[0])
            if system is None or system.type != "AWS::EFS::FileSystem":
                yield FileSystem(access_point, elsewhere, elsewhere)
                continue
            policy = self._values.value(system, "FileSystemPolicy")
            policies = () if policy in (None, ABSENT) else (document_of(policy),)
            yield FileSystem(access_point, self._values.attribute_of(system.logical, "Arn"), policies)

    def _sent(self, declared: Declared) -> Iterator[Destination]:
        """The destinations in a ``DestinationConfig``."""
        for block in self._values.blocks(declared, "DestinationConfig"):
            if isinstance(block, Unknown):
                yield Destination(UNREAD, block)
                continue
            for name, purpose in _PURPOSES.items():
                inner = block.get(name)
                if isinstance(inner, Unknown):
                    yield Destination(purpose, inner)
                elif isinstance(inner, Mapping) and inner.get("Destination"):
                    switched = self._values.may_be_left_out(declared, "DestinationConfig", name, "Destination")
                    yield Destination(UNREAD if switched else purpose, as_text(inner["Destination"]))

    def _mapping(self, declared: Declared) -> EventSourceMapping:
        function = self._references.function_behind(declared.properties.get("FunctionName"))
        given = self._values.get(declared, "FunctionName")
        source = self._values.get(declared, "EventSourceArn")
        behind = self._source(declared)
        failures = [*self._sent(declared)]
        template = self._values.template.file
        mapping = EventSourceMapping(
            resource=self._resource_of(declared, declared.logical, Unknown("not needed")),
            function=key(template, function.address) if function else Unknown(f"the function {given} is not here"),
            service=self._service(source, behind),
            source=source,
            on_failure=on_failure(failures),
            redrive=self._redrives(behind, source),
            in_vpc=any("SUBNET" in str(kind) for kind in self._each(declared, "SourceAccessConfigurations", "Type")),
            secrets=tuple(
                secret
                for secret in self._each(declared, "SourceAccessConfigurations", "URI")
                if ":secretsmanager:" in str(secret) or isinstance(secret, Unknown)
            ),
            key=self._key(behind),
        )
        if function is not None:
            self._mappings.setdefault(function.logical, []).append(mapping)
        return mapping

    def _source(self, declared: Declared) -> Declared | None:
        """The declared resource whose attribute the mapping's source is."""
        target, _ = target_of(self._values.chosen(declared.properties.get("EventSourceArn")))
        return self._values.template.resources.get(target)

    @staticmethod
    def _service(source: Text | None, behind: Declared | None) -> Text:
        if source is None:
            return "self-managed-kafka"
        named = service_of(source)
        known = SERVICE_OF_SOURCE.get(behind.type) if behind else None
        return known or named

    def _redrives(self, queue: Declared | None, source: Text | None) -> bool | Unknown:
        if queue is None or queue.type != "AWS::SQS::Queue":
            return Unknown(f"the queue {source} is not in this template")
        return self._has(queue, "RedrivePolicy")

    def _key(self, source: Declared | None) -> Text | None:
        """The customer's key of the source, where the source and its key are declared here."""
        for path in _KEYS if source else ():
            key = key_arn(self._values, source.properties, path) if source else None
            if key is not None:
                return key
        return None
