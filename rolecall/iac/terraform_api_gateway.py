"""What API Gateway calls in a Terraform configuration: integrations, routes, authorizers, OpenAPI bodies."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from rolecall.iac import openapi
from rolecall.iac.api_gateway import (
    Api,
    authorizer_invoker,
    document_invokers,
    function_called,
    integrated,
    integration_of,
    method_invoker,
    route_invoker,
)
from rolecall.iac.terraform_api_arns import execution_arn, path_at
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import ALIAS, FUNCTION
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, same_as, text

# where stages are made -> the attributes that give the API's ID and the stage's name
_STAGES = {
    "aws_api_gateway_stage": ("rest_api_id", "stage_name"),
    "aws_api_gateway_deployment": ("rest_api_id", "stage_name"),
    "aws_apigatewayv2_stage": ("api_id", "name"),
}
_ENCODE, _LONGEST = "${jsonencode(", 1 << 20


def invokers(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource]
) -> Iterator[Invoker]:
    """The invokers of one graph. resource_of: makes the model's resource of a vertex."""
    reader = _Reader(graph, values, resource_of)
    yield from reader.rest()
    yield from reader.routes()
    yield from reader.authorizers()
    yield from reader.documents()


class _Reader:
    def __init__(
        self, graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource]
    ) -> None:
        self._graph = graph
        self._values = values
        self._resource_of = resource_of
        self._stages: dict[object, list[Text]] = {}
        for kind, (api, name) in _STAGES.items():
            for vertex in graph.of_type(kind):
                stage = values.get(vertex, name)
                if stage is not None:
                    self._stages.setdefault(same_as(values.get(vertex, api) or ""), []).append(stage)

    def rest(self) -> Iterator[Invoker]:
        for vertex in self._graph.of_type("aws_api_gateway_integration"):
            get = self._getter(vertex)
            function = integrated(get("type"), get("uri"))
            if function is not None:
                method = get("http_method") or Unknown("http_method is missing")
                path = path_at(self._values, vertex, "resource_id")
                api = self._api(vertex, "rest_api_id", rest=True)
                yield method_invoker(api, self._resource_of(vertex), function, method, path, get("credentials"))

    def routes(self) -> Iterator[Invoker]:
        """The integrations of HTTP and WebSocket APIs that a route leads to, and those that an API makes itself."""
        integrations = {
            same_as(self._values.of(vertex, "id")): vertex
            for vertex in self._graph.of_type("aws_apigatewayv2_integration")
        }
        for route in self._graph.of_type("aws_apigatewayv2_route"):
            vertex = integrations.get(same_as(integration_of(self._values.get(route, "target") or "")))
            if vertex is not None:
                get = self._getter(vertex)
                function = integrated(get("integration_type"), get("integration_uri"), get("integration_subtype"))
                if function is not None:
                    key = self._values.get(route, "route_key") or Unknown("route_key is missing")
                    api = self._api(vertex, "api_id", rest=False)
                    yield route_invoker(api, self._resource_of(vertex), function, key, get("credentials_arn"))
        for vertex in self._graph.of_type("aws_apigatewayv2_api"):
            target = self._values.get(vertex, "target")
            function = None if target is None else function_called(target, only_functions=False)
            if function is not None:
                key = self._values.get(vertex, "route_key") or "$default"
                api = Api(execution_arn(self._values, vertex), ("$default",), rest=False)
                role = self._values.get(vertex, "credentials_arn")
                yield route_invoker(api, self._resource_of(vertex), function, key, role)

    def authorizers(self) -> Iterator[Invoker]:
        for vertex in self._graph.of_type("aws_api_gateway_authorizer", "aws_apigatewayv2_authorizer"):
            rest = vertex.get("resource_type") == "aws_api_gateway_authorizer"
            uri = self._values.get(vertex, "authorizer_uri")
            function = None if uri is None else function_called(uri, only_functions=True)
            if function is not None:
                api = self._api(vertex, "rest_api_id" if rest else "api_id", rest=rest)
                credentials = "authorizer_credentials" if rest else "authorizer_credentials_arn"
                yield authorizer_invoker(
                    api,
                    self._resource_of(vertex),
                    function,
                    str(vertex.get("__address__")),
                    self._values.of(vertex, "id"),
                    self._values.get(vertex, credentials),
                )

    def documents(self) -> Iterator[Invoker]:
        for vertex in self._graph.of_type("aws_api_gateway_rest_api", "aws_apigatewayv2_api"):
            rest = vertex.get("resource_type") == "aws_api_gateway_rest_api"
            if vertex.get("body"):
                body = self._values.document(vertex, "body", _encoded(self._graph.value(vertex, "body")))
                stages = self._stages.get(same_as(self._values.of(vertex, "id")), ())
                api = Api(execution_arn(self._values, vertex), tuple(stages), rest)
                if isinstance(body, Unknown) and self._calls_function(vertex):
                    source = text(api.arn, "/*")
                    yield Invoker("api_gateway", self._resource_of(vertex), "The API's document", body, source)
                operations, authorizers = openapi.operations(body), openapi.authorizers(body)
                prefix = _prefix(vertex.get("parameters"))
                yield from document_invokers(api, self._resource_of(vertex), operations, authorizers, prefix)

    def _calls_function(self, vertex: Vertex) -> bool:
        """Whether a function or an alias is put into an API's document."""
        return any(t.get("resource_type") in (FUNCTION, ALIAS) for t in self._graph.targets(vertex, "body"))

    def _api(self, vertex: Vertex, attribute: str, *, rest: bool) -> Api:
        """The API whose ID an attribute gives."""
        identifier = self._values.get(vertex, attribute) or Unknown(f"{attribute} is missing")
        stages = self._stages.get(same_as(identifier), ())
        return Api(execution_arn(self._values, vertex, identifier), tuple(stages), rest)

    def _getter(self, vertex: Vertex) -> Callable[[str], Text | None]:
        return lambda attribute: self._values.get(vertex, attribute)


def _encoded(body: Any) -> Any:
    """What ``jsonencode`` is given, where Checkov leaves the call in place (it does for a key with a ``$``)."""
    if not isinstance(body, str) or not (body.startswith(_ENCODE) and body.endswith(")}")) or len(body) > _LONGEST:
        return body
    try:
        return ast.literal_eval(body[len(_ENCODE) : -2])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return body


def _prefix(parameters: Any) -> Text:
    """What an import puts before the paths: the document's base path, where its parameters say so."""
    mode = parameters.get("basepath") if isinstance(parameters, dict) else None
    return "" if mode in (None, "ignore") else Unknown("the base path comes before the path")
