"""Terraform: from Checkov's graph of a configuration to the Inventory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rolecall.arn import parse_arn, role_name
from rolecall.iac.permissions import permission_statement, qualifier_of
from rolecall.iac.terraform_api_gateway import invokers as api_invokers
from rolecall.iac.terraform_arns import function_arn, role_arn
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_function_urls import URL
from rolecall.iac.terraform_function_urls import invokers as url_invokers
from rolecall.iac.terraform_graph import (
    TerraformGraph,
    Vertex,
    is_disabled,
    local_address,
    module_of,
    root_folder,
    same_instance,
)
from rolecall.iac.terraform_invokers import invokers
from rolecall.iac.terraform_providers import least_version
from rolecall.iac.terraform_values import TerraformValues, reference_in
from rolecall.model import Function, Inventory, Location, Permission, Resource, Role, RoleReference
from rolecall.unknown import Text, Unknown, text

_FUNCTION, _ROLE, _PERMISSION = "aws_lambda_function", "aws_iam_role", "aws_lambda_permission"
_PARAMETERS = {
    "statement_id": "StatementId",
    "action": "Action",
    "principal": "Principal",
    "source_arn": "SourceArn",
    "source_account": "SourceAccount",
    "event_source_token": "EventSourceToken",
    "principal_org_id": "PrincipalOrgID",
    "function_url_auth_type": "FunctionUrlAuthType",
    "invoked_via_function_url": "InvokedViaFunctionUrl",
}
_BOTH_STATEMENTS = (6, 28)
_OF_OPEN_URL: tuple[dict[str, Text], ...] = (
    {"Principal": "*", "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
    {"Principal": "*", "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": "true"},
)


def read(graph: Any) -> Inventory:
    """The inventory of one Terraform graph (``rustworkx.PyDiGraph`` of Checkov's vertices)."""
    return _Reader(TerraformGraph(graph)).read()


def key_of(vertex: Vertex) -> str:
    """Identifies a vertex within a graph, which may hold several root modules with equal addresses."""
    return f"{vertex.get('file_path_')}|{module_of(vertex)}|{vertex.get('__address__')}"


class _Reader:
    def __init__(self, graph: TerraformGraph) -> None:
        self.graph = graph
        self.values = TerraformValues(graph)
        self.documents = PolicyDocuments(graph, self.values)
        self.roles: dict[str, Role] = {}
        self.mappings: dict[str, list[str]] = {}
        self.edge_functions: set[str] = set()

    def read(self) -> Inventory:
        for vertex in self.graph.of_type(_ROLE):
            self.roles[key_of(vertex)] = self._role(vertex)
        for vertex in self.graph.of_type("data.aws_iam_role"):
            self.roles[key_of(vertex)] = self._looked_up_role(vertex)
        for vertex in self.graph.of_type("aws_lambda_event_source_mapping"):
            for function in self._functions_behind(vertex, "function_name"):
                self.mappings.setdefault(key_of(function), []).append(str(vertex.get("__address__")))
        for vertex in self.graph.of_type("aws_cloudfront_distribution"):
            for attribute in ("default_cache_behavior", "ordered_cache_behavior"):
                self.edge_functions |= {key_of(f) for f in self._functions_behind(vertex, attribute)}
        functions = [self._function(vertex) for vertex in self.graph.of_type(_FUNCTION)]
        self.by_key = {function.resource.key: function for function in functions}
        self.by_name = _unique_names(functions)
        return Inventory(
            framework="terraform",
            functions=self.by_key,
            roles=self.roles,
            permissions=(
                *(self._permission(vertex) for vertex in self.graph.of_type(_PERMISSION)),
                *(made for vertex in self.graph.of_type(URL) for made in self._made_for_url(vertex)),
            ),
            invokers=tuple(
                invoker
                for found in (invokers, api_invokers, url_invokers)
                for invoker in found(self.graph, self.values, self._wiring)
            ),
        )

    def _wiring(self, vertex: Vertex) -> Resource:
        address = str(vertex.get("__address__"))
        return self._resource(vertex, address, Unknown("a wiring has no ARN of its own"))

    def _resource(self, vertex: Vertex, name: Text, arn: Text) -> Resource:
        first, last = vertex.get("__start_line__", 1), vertex.get("__end_line__", 1)
        place = self.values.place(vertex)
        return Resource(
            framework="terraform",
            type=str(vertex.get("resource_type")).removeprefix("data."),
            address=str(vertex.get("__address__")),
            key=key_of(vertex),
            name=name,
            arn=arn,
            account=place.account,
            region=place.region,
            location=Location(_shown(str(vertex.get("file_path_"))), first, last),
            scope=root_folder(vertex),
        )

    def _role(self, vertex: Vertex) -> Role:
        name = self.values.get(vertex, "name") or self.values.of(vertex, "name")
        resource = self._resource(vertex, name, role_arn(self.values, vertex))
        return Role(resource, self.documents.of(vertex, "assume_role_policy"))

    def _looked_up_role(self, vertex: Vertex) -> Role:
        name = self.values.get(vertex, "name") or self.values.of(vertex, "name")
        trust = Unknown("not in this configuration: the role is looked up by a data source")
        return Role(self._resource(vertex, name, self.values.of(vertex, "arn")), trust, declared=False)

    def _function(self, vertex: Vertex) -> Function:
        name = self.values.get(vertex, "function_name") or self.values.of(vertex, "function_name")
        return Function(
            resource=self._resource(vertex, name, function_arn(self.values, vertex)),
            partition=self.values.place(vertex).partition,
            role=self._role_reference(vertex),
            in_vpc=_has_block(vertex, "vpc_config"),
            snap_start=_has_block(vertex, "snap_start"),
            event_source_mappings=tuple(self.mappings.get(key_of(vertex), ())),
            edge_association=key_of(vertex) in self.edge_functions,
        )

    def _role_reference(self, vertex: Vertex) -> RoleReference:
        raw = self.graph.value(vertex, "role")
        if isinstance(raw, Unknown):
            return RoleReference(raw, raw)
        if not isinstance(raw, str) or not raw:
            missing = "role" not in vertex
            why = Unknown("the attribute role is missing" if missing else "the attribute role has no single value")
            return RoleReference(why, why)
        targets = self.graph.targets(vertex, "role")
        reference = reference_in(raw.removeprefix("${").removesuffix("}"))
        if reference:
            return self._referenced(vertex, reference, targets)
        arn = self.values.text(vertex, "role", raw)
        if isinstance(arn, Unknown):
            return RoleReference(arn, arn)
        if not arn.startswith("arn:") and self.graph.takes_variable(vertex, "role"):
            reason = Unknown("the variable's default is a placeholder")
            return RoleReference(reason, reason)
        return self._literal(arn, targets)

    def _literal(self, arn: str, targets: list[Vertex]) -> RoleReference:
        """A role ARN in plain text; Checkov may have composed it of the name of a role, to which an edge then leads."""
        elsewhere = Unknown(f"{arn} is written out; this configuration does not say whether it exists")
        named = parse_arn(arn)
        for target in targets:
            name = target.get("name")
            if target.get("resource_type") != _ROLE or named is None or role_name(named.resource) != name:
                continue
            role, path = self.roles[key_of(target)], self.values.get(target, "path") or "/"
            if isinstance(path, Unknown):
                return RoleReference(arn, Unknown(f"the path of {role.resource.address} is not known"))
            if named.resource == f"role{path}{name}":
                return RoleReference(arn, role, f"the ARN is made of {role.resource.address}")
            note = (
                f"the role {name} of {role.resource.address} has the path {path}, so its ARN ends in role{path}{name}"
            )
            return RoleReference(arn, None, note)
        return RoleReference(arn, elsewhere)

    def _referenced(self, vertex: Vertex, reference: re.Match[str], targets: list[Vertex]) -> RoleReference:
        exact = [
            target
            for target in targets
            if local_address(target) == reference["address"] and same_instance(target, reference["index"] or "")
        ]
        if len(exact) == 1:
            return self._resolved(exact[0], reference)
        symbol = Unknown(f"{reference[0]} is known only when Terraform runs")
        if exact or targets:
            return RoleReference(symbol, Unknown(f"{reference[0]} may be one of several resources"))
        return self._undeclared(vertex, reference, symbol)

    def _resolved(self, target: Vertex, reference: re.Match[str]) -> RoleReference:
        address, attribute = str(target.get("__address__")), reference["attribute"]
        if is_disabled(target):
            reason = Unknown(f"{address} has count = 0")
            return RoleReference(reason, reason)
        role = self.roles.get(key_of(target))
        if role is not None:
            arn = role.resource.arn if attribute == "arn" else role.resource.name
            # `id` of the data source and of the resource is the role's name
            return RoleReference(arn, role, address, "name" if attribute in ("id", "name") else attribute)
        if attribute == "arn" and reference["type"].startswith("aws_") and "role" not in reference["type"]:
            arn = self.values.attribute_of(target, "arn")
            return RoleReference(arn, None, f"{address} is not a role")
        reason = Unknown(f"{reference[0]} is known only when Terraform runs")
        return RoleReference(reason, reason)

    def _undeclared(self, vertex: Vertex, reference: re.Match[str], symbol: Unknown) -> RoleReference:
        address = reference["address"]
        if self.graph.declares(vertex, address):
            return RoleReference(symbol, Unknown(f"which instance of {address} is meant cannot be told"))
        if vertex.get("rendering_breadcrumbs_", {}).get("role"):
            return RoleReference(symbol, Unknown(f"{address} belongs to another module"))
        unread = self.graph.unread_file_with(vertex, reference["name"])
        if unread:
            return RoleReference(symbol, Unknown(f"{address} may be declared in {unread}, which was not read"))
        return RoleReference(symbol, None, f"{address} is not declared in {_folder_name(vertex)}")

    def _functions_behind(self, vertex: Vertex, attribute: str) -> list[Vertex]:
        """The functions that an attribute refers to, directly or through an alias."""
        functions = []
        for target in self.graph.targets(vertex, attribute):
            if target.get("resource_type") == "aws_lambda_alias":
                functions += self._functions_behind_alias(target)
            elif target.get("resource_type") == _FUNCTION:
                functions.append(target)
        return functions

    def _functions_behind_alias(self, alias: Vertex) -> list[Vertex]:
        return [t for t in self.graph.targets(alias, "function_name") if t.get("resource_type") == _FUNCTION]

    def _permission(self, vertex: Vertex) -> Permission:
        parameters = {}
        for attribute, parameter in _PARAMETERS.items():
            value = self.values.get(vertex, attribute)
            if value is not None:
                parameters[parameter] = value
        return self._statement(vertex, parameters)

    def _made_for_url(self, vertex: Vertex) -> Iterator[Permission]:
        """The statements that the provider makes for a URL that is open to everybody.

        The second only since 6.28.0; whether they are for the alias of a URL that has one is not documented.
        Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md (6.28.0)
        """
        if self.values.get(vertex, "authorization_type") != "NONE":
            return
        qualified = self.values.get(vertex, "qualifier") is not None
        old = least_version(self.graph, root_folder(vertex)) < _BOTH_STATEMENTS
        for parameters in _OF_OPEN_URL:
            reason = "the URL's statement, which the AWS provider "
            reason += "may make for its alias" if qualified else "makes since 6.28.0"
            doubtful = qualified or (old and "InvokedViaFunctionUrl" in parameters)
            made = self._statement(vertex, parameters, **({"Resource": Unknown(reason)} if doubtful else {}))
            yield replace(made, managed_by=str(vertex.get("__address__")))

    def _statement(self, vertex: Vertex, parameters: Mapping[str, Text], **elements: Unknown) -> Permission:
        """The statement that a vertex makes on the function it names.

        parameters: by AddPermission's names. elements: of the statement that they do not decide.
        """
        given = self.values.get(vertex, "function_name") or Unknown("function_name is missing")
        behind = self._functions_behind(vertex, "function_name")
        owner: str | Unknown = Unknown(f"the function {given} is not in this configuration")
        name: Text = given
        if len(behind) == 1:
            owner = key_of(behind[0])
            name = self.values.get(behind[0], "function_name") or self.values.of(behind[0], "function_name")
        elif isinstance(given, str):
            arn = parse_arn(given)
            name = arn.resource.split(":")[1] if arn and arn.resource.startswith("function:") else given.split(":")[0]
            owner = self.by_name.get((root_folder(vertex), name), owner)
        qualifier, resource = self.values.get(vertex, "qualifier") or "", given
        if isinstance(owner, str) and owner in self.by_key:
            resource = self.by_key[owner].resource.arn
            qualifier = qualifier or qualifier_of(given, resource, name) or ""
        return Permission(
            resource=self._resource(vertex, name, Unknown("a statement has no ARN")),
            function=owner,
            function_name=name,
            qualifier=qualifier,
            statement=permission_statement(parameters, text(resource, ":", qualifier) if qualifier else resource)
            | elements,
        )


def _folder_name(vertex: Vertex) -> str:
    """The folder of the file that holds the vertex, for a message."""
    return f"{os.path.basename(os.path.dirname(str(vertex.get('file_path_'))))}/"


@lru_cache(maxsize=4096)
def _shown(path: str) -> str:
    """A path for a reader: relative where it lies below the working directory."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def _unique_names(functions: list[Function]) -> dict[tuple[str, str], str]:
    """Function keys by root module and literal name, for names that one function of it has."""
    found: dict[tuple[str, str], list[str]] = {}
    for function in functions:
        if isinstance(function.resource.name, str):
            found.setdefault((function.resource.scope, function.resource.name), []).append(function.resource.key)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def _has_block(vertex: Vertex, name: str) -> bool | Unknown:
    if vertex.get(name):
        return True
    dynamic = vertex.get("dynamic")
    listed = dynamic if isinstance(dynamic, list) else [dynamic]
    if any(isinstance(item, dict) and name in item for item in listed):
        return Unknown(f"a dynamic {name} block is known only when Terraform runs")
    return False
