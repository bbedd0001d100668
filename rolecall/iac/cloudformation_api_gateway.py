"""What API Gateway calls in a CloudFormation template: methods, routes, authorizers, OpenAPI bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
from rolecall.iac.cloudformation_arns import regional
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import as_text
from rolecall.iac.intrinsics_written import MAX_DEPTH
from rolecall.iac.template import Declared
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, same_as, text

_REST_API, _API = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"
_RESOURCE, _INTEGRATION = "AWS::ApiGateway::Resource", "AWS::ApiGatewayV2::Integration"
_REST_AUTHORIZER, _AUTHORIZER = "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"
# where stages are made -> the property that gives the API's ID
_STAGES = {
    "AWS::ApiGateway::Stage": "RestApiId",
    "AWS::ApiGateway::Deployment": "RestApiId",
    "AWS::ApiGatewayV2::Stage": "ApiId",
}


def invokers(values: TemplateValues, resource_of: Callable[[Declared], Resource]) -> Iterator[Invoker]:
    """The invokers of one template. resource_of: makes the model's resource of a declared one."""
    reader = _Reader(values, resource_of)
    yield from reader.methods()
    yield from reader.routes()
    yield from reader.authorizers()
    yield from reader.documents()


class _Reader:
    def __init__(self, values: TemplateValues, resource_of: Callable[[Declared], Resource]) -> None:
        self._values = values
        self._resource_of = resource_of
        self._resources = {same_as(values.of(d.logical, "")): d for d in values.made(_RESOURCE)}
        self._roots = {same_as(values.of(d.logical, "RootResourceId")) for d in values.made(_REST_API)}
        self._stages: dict[object, list[Text]] = {}
        for kind, api in _STAGES.items():
            for declared in values.made(kind):
                stage = values.get(declared, "StageName")
                if stage is not None:
                    self._stages.setdefault(same_as(values.get(declared, api) or ""), []).append(stage)

    def methods(self) -> Iterator[Invoker]:
        for declared in self._values.made("AWS::ApiGateway::Method"):
            integration = self._values.value(declared, "Integration")
            if isinstance(integration, dict):
                given = {
                    name: as_text(integration[name]) for name in ("Type", "Uri", "Credentials") if name in integration
                }
                function = integrated(given.get("Type"), given.get("Uri"))
                if function is not None:
                    method = self._values.get(declared, "HttpMethod") or Unknown("HttpMethod is missing")
                    path = self._path(self._values.get(declared, "ResourceId"))
                    api, resource = self._api(declared, "RestApiId", rest=True), self._resource_of(declared)
                    yield method_invoker(api, resource, function, method, path, given.get("Credentials"))

    def _path(self, resource: Text | None, depth: int = 0) -> Text:
        """The path of an API resource by its ID: its part behind that of the one above."""
        key = same_as(resource or "")
        declared = self._resources.get(key)
        if key in self._roots:
            return "/"
        if declared is None or depth > MAX_DEPTH:
            return Unknown("the path of the API's resource is not known")
        above = self._path(self._values.get(declared, "ParentId"), depth + 1)
        part = self._values.get(declared, "PathPart") or Unknown("PathPart is missing")
        return text("" if above == "/" else above, "/", part)

    def routes(self) -> Iterator[Invoker]:
        """The integrations of HTTP and WebSocket APIs that a route leads to, and those that an API makes itself."""
        integrations = {same_as(self._values.of(d.logical, "")): d for d in self._values.made(_INTEGRATION)}
        for route in self._values.made("AWS::ApiGatewayV2::Route"):
            declared = integrations.get(same_as(integration_of(self._values.get(route, "Target") or "")))
            if declared is not None:
                get = self._getter(declared)
                function = integrated(get("IntegrationType"), get("IntegrationUri"), get("IntegrationSubtype"))
                if function is not None:
                    key = self._values.get(route, "RouteKey") or Unknown("RouteKey is missing")
                    api, resource = self._api(declared, "ApiId", rest=False), self._resource_of(declared)
                    yield route_invoker(api, resource, function, key, get("CredentialsArn"))
        for declared in self._values.made(_API):
            get = self._getter(declared)
            target = get("Target")
            function = None if target is None else function_called(target, only_functions=False)
            if function is not None:
                api = Api(_arn(self._values, self._values.of(declared.logical, "")), ("$default",), rest=False)
                resource = self._resource_of(declared)
                yield route_invoker(api, resource, function, get("RouteKey") or "$default", get("CredentialsArn"))

    def authorizers(self) -> Iterator[Invoker]:
        for declared in self._values.made(_REST_AUTHORIZER, _AUTHORIZER):
            rest, get = declared.type == _REST_AUTHORIZER, self._getter(declared)
            uri = get("AuthorizerUri")
            function = None if uri is None else function_called(uri, only_functions=True)
            if function is not None:
                api = self._api(declared, "RestApiId" if rest else "ApiId", rest=rest)
                role = get("AuthorizerCredentials" if rest else "AuthorizerCredentialsArn")
                resource, identifier = self._resource_of(declared), self._values.of(declared.logical, "")
                name = f"of {declared.made_for}" if declared.made_for else declared.logical
                yield authorizer_invoker(api, resource, function, name, identifier, role)

    def documents(self) -> Iterator[Invoker]:
        for declared in self._values.made(_REST_API, _API):
            if declared.properties.get("Body"):
                body = self._values.value(declared, "Body")
                identifier = self._values.of(declared.logical, "")
                stages = self._stages.get(same_as(identifier), ())
                api = Api(_arn(self._values, identifier), tuple(stages), rest=declared.type == _REST_API)
                operations, authorizers = openapi.operations(body), openapi.authorizers(body)
                prefix = self._prefix(declared)
                yield from document_invokers(api, self._resource_of(declared), operations, authorizers, prefix)

    def _prefix(self, declared: Declared) -> Text:
        """What an import puts before the paths: the document's base path, where the properties say so."""
        rest = declared.type == _REST_API
        path = ("Parameters", "basepath") if rest else ("BasePath",)
        mode = self._values.value(declared, *path)
        return "" if mode in (None, "ignore") else Unknown("the base path comes before the path")

    def _api(self, declared: Declared, name: str, *, rest: bool) -> Api:
        """The API whose ID a property gives."""
        identifier = self._values.get(declared, name) or Unknown(f"{name} is missing")
        return Api(_arn(self._values, identifier), tuple(self._stages.get(same_as(identifier), ())), rest)

    def _getter(self, declared: Declared) -> Callable[[str], Text | None]:
        return lambda name: self._values.get(declared, name)


def _arn(values: TemplateValues, identifier: Text) -> Text:
    return regional(values, "execute-api", identifier)
