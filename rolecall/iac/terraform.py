"""Terraform: from Checkov's graph of a configuration to the Inventory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from rolecall.iac.permissions import permission_statement, qualifier_of
from rolecall.iac.terraform_alarms import alarms
from rolecall.iac.terraform_api_gateway import invokers as api_invokers
from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_events import event_rules, trails
from rolecall.iac.terraform_function_urls import URL
from rolecall.iac.terraform_function_urls import invokers as url_invokers
from rolecall.iac.terraform_functions import Functions
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_invokers import invokers
from rolecall.iac.terraform_policies import RolePolicies
from rolecall.iac.terraform_providers import least_version
from rolecall.iac.terraform_references import FUNCTION, ROLE, References, function_name
from rolecall.iac.terraform_sources import source_of
from rolecall.iac.terraform_state_machines import StateMachines
from rolecall.iac.terraform_tags import tags_of
from rolecall.iac.terraform_targets import targets
from rolecall.iac.terraform_unread import allowing_for_unread
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, is_disabled, key_of, root_folder
from rolecall.model import Inventory, Location, Permission, Resource, Role
from rolecall.unknown import Text, Unknown, text

PERMISSION = "aws_lambda_permission"
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
    seen = TerraformGraph(graph)
    values = TerraformValues(seen)
    documents = PolicyDocuments(seen, values)
    return allowing_for_unread(seen, Reader(seen, values, documents, RolePolicies(seen, values, documents)).read())


class Reader:
    """Reads the inventory of one graph by what its attributes say. A plan's reader builds on it."""

    framework = "terraform"

    def __init__(
        self, graph: TerraformGraph, values: TerraformValues, documents: PolicyDocuments, policies: RolePolicies
    ) -> None:
        self.graph, self.values, self.documents, self.policies = graph, values, documents, policies
        self.roles: dict[str, Role] = {}
        self.references = References(graph, values, self.roles)

    def read(self) -> Inventory:
        for vertex in self.graph.of_type(ROLE):
            self.roles[key_of(vertex)] = self._role(vertex)
        for vertex in self.graph.of_type(f"data.{ROLE}"):
            self.roles[key_of(vertex)] = self._looked_up_role(vertex)
        functions = Functions(self.graph, self.values, self.documents, self.references, self._resource)
        self.by_key = {f.resource.key: f for f in map(functions.read, self.graph.of_type(FUNCTION))}
        machines = StateMachines(self.graph, self.values, self.documents)
        return Inventory(
            framework=self.framework,
            functions=self.by_key,
            roles=self.roles,
            permissions=(
                *(self._permission(vertex) for vertex in self.graph.possible(PERMISSION)),
                *(made for vertex in self.graph.possible(URL) for made in self._made_for_url(vertex)),
            ),
            invokers=tuple(
                invoker
                for found in (partial(invokers, machines=machines), api_invokers, url_invokers)
                for invoker in found(self.graph, self.values, self._wiring)
            ),
            mappings=functions.mappings,
            targets=tuple(targets(self.graph, self.values, self.documents, self._resource)),
            alarms=tuple(alarms(self.graph, self.values, self._resource)),
            event_rules=tuple(event_rules(self.graph, self.values, self.documents, self._resource)),
            trails=tuple(trails(self.graph, self.values, self._resource)),
        )

    def _tags(self, vertex: Vertex) -> dict[str, Any]:
        """``tags`` and ``more_tags`` of a role."""
        return tags_of(self.graph, self.values, vertex)

    def _wiring(self, vertex: Vertex) -> Resource:
        address = str(vertex.get("__address__"))
        return self._resource(vertex, address, Unknown("a wiring has no ARN of its own"))

    def _resource(self, vertex: Vertex, name: Text, arn: Text) -> Resource:
        place = self.values.place(vertex)
        return Resource(
            framework=self.framework,
            type=str(vertex.get("resource_type")).removeprefix("data."),
            address=str(vertex.get("__address__")),
            key=key_of(vertex),
            name=name,
            arn=arn,
            account=place.account,
            region=place.region,
            location=self._location(vertex),
            scope=root_folder(vertex),
        )

    def _location(self, vertex: Vertex) -> Location:
        first, last = vertex.get("__start_line__", 1), vertex.get("__end_line__", 1)
        return Location(shown(str(vertex.get("file_path_"))), first, last)

    def _role(self, vertex: Vertex) -> Role:
        return Role(
            resource=self._resource(vertex, name_of(self.values, vertex), self.values.attribute_of(vertex, "arn")),
            trust_policy=self.documents.of(vertex, "assume_role_policy"),
            policies=self.policies.of(vertex),
            boundary=self.policies.boundary(vertex),
            **self._tags(vertex),
        )

    def _looked_up_role(self, vertex: Vertex) -> Role:
        elsewhere = Unknown("not in this configuration: the role is looked up by a data source")
        resource = self._resource(vertex, name_of(self.values, vertex), self.values.of(vertex, "arn"))
        return Role(resource, elsewhere, declared=False, policies=elsewhere, tags=elsewhere)

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
        old = self._provider_version(vertex) < _BOTH_STATEMENTS
        for parameters in _OF_OPEN_URL:
            reason = "the URL's statement, which the AWS provider "
            reason += "may make for its alias" if qualified else "makes since 6.28.0"
            doubtful = qualified or (old and "InvokedViaFunctionUrl" in parameters)
            made = self._statement(vertex, parameters, **({"Resource": Unknown(reason)} if doubtful else {}))
            yield replace(made, managed_by=str(vertex.get("__address__")))

    def _provider_version(self, vertex: Vertex) -> tuple[int, ...]:
        """The lowest version of the AWS provider that may make a resource."""
        return least_version(self.graph, root_folder(vertex))

    def _statement(self, vertex: Vertex, parameters: Mapping[str, Text], **elements: Unknown) -> Permission:
        """The statement that a vertex makes on the function it names.

        parameters: by AddPermission's names. elements: of the statement that they do not decide.
        """
        given = self.values.get(vertex, "function_name") or Unknown("function_name is missing")
        behind = self.references.function_of(vertex)
        owner: str | Unknown = Unknown(f"the function {given} is not in this configuration")
        name: Text = function_name(given) if isinstance(given, str) else given
        if behind is not None:
            owner, name = key_of(behind), name_of(self.values, behind, "function_name")
        qualifier, resource = self.values.get(vertex, "qualifier") or "", given
        if isinstance(owner, str) and owner in self.by_key:
            resource = self.by_key[owner].resource.arn
            qualifier = qualifier or qualifier_of(given, resource, name) or ""
        statement = permission_statement(parameters, text(resource, ":", qualifier) if qualifier else resource)
        if is_disabled(vertex):
            statement["Effect"] = Unknown("whether there is the permission is known only when Terraform runs")
        return Permission(
            resource=self._resource(vertex, name, Unknown("a statement has no ARN")),
            function=owner,
            function_name=name,
            qualifier=qualifier,
            statement=statement | elements,
            source=source_of(self.graph, vertex),
        )


@lru_cache(maxsize=4096)
def shown(path: str) -> str:
    """A path for a reader: relative where it lies below the working directory."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative
