"""CloudFormation: from templates to the Inventory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rolecall.iac.cloudformation_api_gateway import invokers as api_invokers
from rolecall.iac.cloudformation_arns import function_arn, name_of, role_arn
from rolecall.iac.cloudformation_function_urls import invokers as url_invokers
from rolecall.iac.cloudformation_graph import key
from rolecall.iac.cloudformation_invokers import invokers
from rolecall.iac.cloudformation_references import FUNCTION, ROLE, References
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import ABSENT, pseudo
from rolecall.iac.partition import settled, written_partition
from rolecall.iac.permissions import permission_statement, qualifier_of
from rolecall.iac.template import Declared, Template
from rolecall.model import Document, Function, Inventory, Location, Permission, Resource, Role
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
    read_ones = [_Reader(template).read() for template in templates]
    return Inventory(
        framework="cloudformation",
        functions={key: function for one in read_ones for key, function in one.functions.items()},
        roles={key: role for one in read_ones for key, role in one.roles.items()},
        permissions=tuple(permission for one in read_ones for permission in one.permissions),
        invokers=tuple(invoker for one in read_ones for invoker in one.invokers),
    )


class _Reader:
    """Reads one template."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.values = TemplateValues(template)
        self.roles = {declared.logical: self._role(declared) for declared in self.values.of_type(ROLE)}
        self.references = References(self.values, self.roles)
        self._mapped = self._event_source_mappings()

    def read(self) -> Inventory:
        """The inventory of the template alone."""
        inventory = Inventory(
            framework=self.template.framework,
            functions={function.resource.key: function for function in self.functions()},
            roles={key(self.template.file, logical): role for logical, role in self.roles.items()},
            permissions=tuple(self.permissions()),
            invokers=tuple(
                invoker
                for found in (invokers, api_invokers, url_invokers)
                for invoker in found(self.values, self.wiring)
            ),
        )
        partition = written_partition([declared.properties for declared in self.template.resources.values()])
        return settled(inventory, "AWS::Partition", partition) if partition else inventory

    def wiring(self, declared: Declared) -> Resource:
        return self._resource(declared, declared.logical, Unknown("a wiring has no ARN of its own"))

    def functions(self) -> list[Function]:
        return [self._function(declared) for declared in self.values.made(FUNCTION)]

    def permissions(self) -> list[Permission]:
        return [self._permission(declared) for declared in self.values.made(_PERMISSION)]

    def _resource(self, declared: Declared, name: Text, arn: Text) -> Resource:
        """What a finding points at: where a transform generated a resource, what it generated it from."""
        shown = self.template.resources.get(declared.origin, declared)
        logical = declared.origin or declared.logical
        return Resource(
            framework=self.template.framework,
            type=shown.type,
            address=logical,
            key=key(self.template.file, logical),
            name=name,
            arn=arn,
            account=pseudo("AWS::AccountId"),
            region=pseudo("AWS::Region"),
            location=Location(self.template.file, *declared.lines),
            scope=self.template.file,
        )

    def _role(self, declared: Declared) -> Role:
        name, arn = name_of(self.values, declared, "RoleName"), role_arn(self.values, declared)
        return Role(self._resource(declared, name, arn), self._document(declared, "AssumeRolePolicyDocument"))

    def _document(self, declared: Declared, name: str) -> Document:
        value = self.values.value(declared, name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return Unknown("written as text that is no JSON")
        if isinstance(value, (Mapping, Unknown)):
            return value
        return Unknown("missing" if value in (None, ABSENT) else "not an object")

    def _function(self, declared: Declared) -> Function:
        name = name_of(self.values, declared, "FunctionName")
        edge = Unknown("a distribution elsewhere may use it")
        return Function(
            resource=self._resource(declared, name, function_arn(self.values, declared)),
            partition=pseudo("AWS::Partition"),
            role=self.references.role_of(declared),
            in_vpc=self._has(declared, "VpcConfig"),
            snap_start=self._has(declared, "SnapStart"),
            event_source_mappings=self._mapped.get(declared.logical, ()),
            edge_association=edge if any(self.values.of_type("AWS::CloudFront::Distribution")) else False,
        )

    def _has(self, declared: Declared, name: str) -> bool | Unknown:
        value: Any = self.values.value(declared, name)
        return value if isinstance(value, Unknown) else value not in (None, ABSENT, {}, [])

    def _event_source_mappings(self) -> dict[str, tuple[str, ...]]:
        """Logical IDs of mappings by that of their function."""
        found: dict[str, tuple[str, ...]] = {}
        for declared in self.values.of_type("AWS::Lambda::EventSourceMapping"):
            function = self.references.function_behind(declared.properties.get("FunctionName"))
            if function:
                found[function.logical] = (*found.get(function.logical, ()), declared.logical)
        return found

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
        function = key(self.template.file, behind.logical) if behind else None
        return Permission(
            resource=self._resource(declared, name, Unknown("a statement has no ARN")),
            function=function or Unknown(f"the function {given} is not in this template"),
            function_name=name,
            qualifier=qualifier,
            statement=permission_statement(parameters, text(arn, ":", qualifier) if qualifier else arn),
        )
