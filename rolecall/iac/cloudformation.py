"""CloudFormation: from templates to the Inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rolecall.iac.cloudformation_alarms import alarms
from rolecall.iac.cloudformation_api_gateway import invokers as api_invokers
from rolecall.iac.cloudformation_arns import function_arn, name_of, role_arn
from rolecall.iac.cloudformation_events import event_rules, trails
from rolecall.iac.cloudformation_function_urls import invokers as url_invokers
from rolecall.iac.cloudformation_functions import Functions
from rolecall.iac.cloudformation_graph import key
from rolecall.iac.cloudformation_invokers import invokers
from rolecall.iac.cloudformation_policies import RolePolicies
from rolecall.iac.cloudformation_references import FUNCTION, ROLE, References
from rolecall.iac.cloudformation_sources import declared_sources, source_of
from rolecall.iac.cloudformation_targets import targets
from rolecall.iac.cloudformation_values import TemplateValues, document_of
from rolecall.iac.intrinsics import as_text, pseudo
from rolecall.iac.permissions import permission_statement, qualifier_of
from rolecall.iac.repetition import bounded
from rolecall.iac.sam import expand
from rolecall.iac.template import Declared, Template
from rolecall.model import (
    Alarm,
    EventRule,
    EventSourceMapping,
    Function,
    Inventory,
    Invoker,
    Location,
    Permission,
    Resource,
    Role,
    Target,
    Trail,
)
from rolecall.unknown import Text, Unknown, text

_PERMISSION = "AWS::Lambda::Permission"
_PARAMETERS = (
    "Action",
    "Principal",
    "SourceArn",
    "SourceAccount",
    "EventSourceToken",
    "PrincipalOrgID",
    "FunctionUrlAuthType",
    "InvokedViaFunctionUrl",
)


def read(templates: Iterable[Template]) -> Inventory:
    """The inventory of templates; each is a scope of its own."""
    readers = [_Reader(template) for template in templates]
    return Inventory(
        framework="cloudformation",
        functions={f.resource.key: f for reader in readers for f in reader.functions()},
        roles={key(r.template.file, logical): role for r in readers for logical, role in r.roles.items()},
        permissions=tuple(permission for reader in readers for permission in reader.permissions()),
        invokers=tuple(invoker for reader in readers for invoker in reader.invokers()),
        mappings=tuple(mapping for reader in readers for mapping in reader.mappings()),
        targets=tuple(target for reader in readers for target in reader.targets()),
        alarms=tuple(alarm for reader in readers for alarm in reader.alarms()),
        event_rules=tuple(rule for reader in readers for rule in reader.event_rules()),
        trails=tuple(trail for reader in readers for trail in reader.trails()),
    )


class _Reader:
    """Reads one template."""

    def __init__(self, written: Template) -> None:
        self.written = written
        self.template = bounded(expand(bounded(written)))  # what is shared by all in it SAM writes out for each
        self.values = TemplateValues(self.template)
        self.policies = RolePolicies(self.values)
        self.roles = {declared.logical: self._role(declared) for declared in self.values.of_type(ROLE)}
        self.references = References(self.values, self.roles)
        self._sources = declared_sources(self.values)
        self._functions = Functions(self.values, self.references, self._resource)

    def invokers(self) -> Iterator[Invoker]:
        """What other services call the template's functions with."""
        for found in (invokers, api_invokers, url_invokers):
            yield from found(self.values, self.wiring)

    def wiring(self, declared: Declared) -> Resource:
        return self._resource(declared, declared.logical, Unknown("a wiring has no ARN of its own"))

    def functions(self) -> list[Function]:
        return [self._functions.read(declared) for declared in self.values.made(FUNCTION)]

    def mappings(self) -> tuple[EventSourceMapping, ...]:
        return self._functions.mappings

    def targets(self) -> list[Target]:
        return list(targets(self.values, self._resource))

    def alarms(self) -> list[Alarm]:
        return list(alarms(self.values, self._resource))

    def event_rules(self) -> list[EventRule]:
        return list(event_rules(self.values, self._resource))

    def trails(self) -> list[Trail]:
        return list(trails(self.values, self._resource))

    def permissions(self) -> list[Permission]:
        return [self._permission(declared) for declared in self.values.made(_PERMISSION)]

    def _resource(self, declared: Declared, name: Text, arn: Text) -> Resource:
        """What a finding points at: where a transform generated a resource, what it generated it from."""
        origin = "" if declared.type == ROLE else declared.origin  # a role keeps its own ID: functions may share it
        shown = self.written.resources.get(origin, declared)
        generated = origin != "" and shown is declared  # of what is no resource: a function of Serverless
        address = origin or declared.logical
        return Resource(
            framework=self.template.framework,
            type=FUNCTION if generated else shown.type,
            address=address,
            key=key(self.template.file, address),
            name=name,
            arn=arn,
            account=pseudo("AWS::AccountId"),
            region=pseudo("AWS::Region"),
            location=Location(self.template.file, *declared.lines),
            scope=self.template.file,
            logical=declared.logical if generated else "",
            made_for=declared.made_for,
            origin=self._origin(declared) if declared.type == ROLE else None,
        )

    def _origin(self, role: Declared) -> Resource | None:
        """The function or state machine that SAM makes a role for."""
        source, made = self.written.resources.get(role.origin), self.template.resources.get(role.origin)
        if source is None or made is None or not source.type.startswith("AWS::Serverless::"):
            return None
        if made.type != FUNCTION:
            return self._resource(made, Unknown("not needed"), Unknown("not needed"))
        return self._resource(made, name_of(self.values, made, "FunctionName"), function_arn(self.values, made))

    def _role(self, declared: Declared) -> Role:
        name, arn = name_of(self.values, declared, "RoleName"), role_arn(self.values, declared)
        return Role(
            resource=self._resource(declared, name, arn),
            trust_policy=document_of(self.values.value(declared, "AssumeRolePolicyDocument")),
            policies=self.policies.of(declared),
            boundary=self.policies.boundary(declared),
            tags=_tags(self.values.value(declared, "Tags")),
        )

    def _permission(self, declared: Declared) -> Permission:
        behind = self.references.function_behind(declared.properties.get("FunctionName"))
        given = self.values.get(declared, "FunctionName") or Unknown("FunctionName is missing")
        name = name_of(self.values, behind, "FunctionName") if behind else given
        arn = function_arn(self.values, behind) if behind else given
        qualifier = qualifier_of(given, arn, name) if behind else ""
        if qualifier is None:
            qualifier = Unknown("the qualifier is part of FunctionName")
        parameters: dict[str, Text] = {"StatementId": declared.logical}
        for parameter in _PARAMETERS:
            value = self.values.get(declared, parameter)
            if value is not None:
                parameters[parameter] = value
        function = key(self.template.file, behind.address) if behind else None
        return Permission(
            resource=self._resource(declared, name, Unknown("a statement has no ARN")),
            function=function or Unknown(f"the function {given} is not in this template"),
            function_name=name,
            qualifier=qualifier,
            statement=permission_statement(parameters, text(arn, ":", qualifier) if qualifier else arn),
            source=source_of(self.values, declared.properties.get("SourceArn"), self._sources),
        )


def _tags(value: Any) -> Mapping[str, Text] | Unknown:
    """Tags by key, from a list of ``Key`` and ``Value`` or an object of them."""
    if value is None or isinstance(value, Unknown):
        return value if isinstance(value, Unknown) else {}
    if isinstance(value, Mapping):
        return {str(name): as_text(given) for name, given in value.items()}
    listed = value if isinstance(value, list) else [value]
    pairs = [(tag.get("Key"), tag.get("Value")) if isinstance(tag, Mapping) else (None, None) for tag in listed]
    if any(not isinstance(name, str) for name, _ in pairs):
        return Unknown("the tags are known only when the stack is deployed")
    return {str(name): as_text(given) for name, given in pairs}
