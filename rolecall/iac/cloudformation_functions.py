"""What a template says of its functions: settings, destinations, log groups, event source mappings.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from rolecall.iac.cloudformation_arns import function_arn, name_of
from rolecall.iac.cloudformation_graph import key
from rolecall.iac.cloudformation_references import References
from rolecall.iac.cloudformation_values import TemplateValues, target_of
from rolecall.iac.intrinsics import ABSENT, as_text, pseudo
from rolecall.iac.template import Declared
from rolecall.iac.wiring import SERVICE_OF_SOURCE, service_of
from rolecall.model import Destination, EventSourceMapping, Function, Resource
from rolecall.unknown import Text, Unknown, same_as, text

_MAPPING, _INVOKE_CONFIG = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
_PURPOSES = {"OnFailure": "on-failure destination", "OnSuccess": "on-success destination"}
_KEYS = ("KmsMasterKeyId", "StreamEncryption")


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
                self._destinations.setdefault(function.logical, []).extend(self._sent(declared))

    def read(self, declared: Declared) -> Function:
        """The function of an ``AWS::Lambda::Function``."""
        name = name_of(self._values, declared, "FunctionName")
        edge = Unknown("a distribution elsewhere may use it")
        group = self._log_group(declared, name)
        return Function(
            resource=self._resource_of(declared, name, function_arn(self._values, declared)),
            partition=pseudo("AWS::Partition"),
            role=self._references.role_of(declared),
            in_vpc=self._has(declared, "VpcConfig"),
            snap_start=self._has(declared, "SnapStart"),
            event_source_mappings=tuple(self._mappings.get(declared.logical, ())),
            edge_association=edge if any(self._values.of_type("AWS::CloudFront::Distribution")) else False,
            tracing=self._traces(declared),
            log_group=group,
            log_group_declared=same_as(group) in self._log_groups,
            destinations=(*self._dead_letters(declared), *self._destinations.get(declared.logical, ())),
            file_systems=tuple(self._each(declared, "FileSystemConfigs", "Arn")),
        )

    @cached_property
    def _log_groups(self) -> set[object]:
        groups = self._values.of_type("AWS::Logs::LogGroup")
        return {same_as(name_of(self._values, group, "LogGroupName")) for group in groups}

    def _has(self, declared: Declared, name: str) -> bool | Unknown:
        value: Any = self._values.value(declared, name)
        return value if isinstance(value, Unknown) else value not in (None, ABSENT, {}, [])

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
        for target in self._each(declared, "DeadLetterConfig", "TargetArn"):
            yield Destination("dead-letter target", target)

    def _sent(self, declared: Declared) -> Iterator[Destination]:
        """The destinations in a ``DestinationConfig``."""
        for block in self._values.blocks(declared, "DestinationConfig"):
            if isinstance(block, Unknown):
                yield Destination("destination", block)
                continue
            for name, purpose in _PURPOSES.items():
                inner = block.get(name)
                if isinstance(inner, Unknown):
                    yield Destination(purpose, inner)
                elif isinstance(inner, Mapping) and inner.get("Destination"):
                    yield Destination(purpose, as_text(inner["Destination"]))

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
            on_failure=failures[0] if failures else None,
            redrive=self._redrives(behind),
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

    def _redrives(self, queue: Declared | None) -> bool | Unknown:
        if queue is None or queue.type != "AWS::SQS::Queue":
            return Unknown("the queue is not in this template")
        return self._has(queue, "RedrivePolicy")

    def _key(self, source: Declared | None) -> Text | None:
        """The customer's key of the source, where the source and its key are declared here."""
        for name in _KEYS if source else ():
            raw = source.properties.get(name) if source else None
            raw = raw.get("KeyId") if isinstance(raw, dict) and "KeyId" in raw else raw
            target, _ = target_of(self._values.chosen(raw))
            declared = self._values.template.resources.get(target)
            if declared is not None and declared.type == "AWS::KMS::Key":
                return self._values.attribute_of(target, "Arn")
        return None
