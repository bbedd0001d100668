"""Amazon API Gateway: the functions that REST, HTTP and WebSocket APIs call, as integrations and as authorizers.

An API is read as it stands, which may be newer than what a stage serves: a deployment is a snapshot of it. An API
without a stage answers nobody, and is left out. What a stage variable stands for is known, stage by stage.
Sources: https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html (the methods, embedded, come with their
integrations), https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-deployments.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rolecall.iac.api_gateway import (
    Api,
    authorizer_invoker,
    integrated,
    integration_of,
    method_invoker,
    route_invoker,
)
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text

_REST, _HTTP = "apigateway", "apigatewayv2"  # HTTP APIs, and WebSocket APIs with them
_PAGE = 500  # of REST APIs and their resources, instead of 25
_STAGE_VARIABLE = re.compile(r"\$?\$\{stageVariables\.([A-Za-z0-9_]{1,128})\}", re.ASCII)


@dataclass(frozen=True)
class _Stage:
    """variables: what the stage sets, and the canary on it where it sets something else."""

    name: str
    variables: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class _Wiring:
    """An integration or an authorizer. type, uri, subtype: of the integration. make: gives the model's invoker."""

    resource: Resource
    uri: str | None
    make: Callable[[Api, Resource, Text], Invoker]
    type: str = "AWS_PROXY"
    subtype: str | None = None

    @property
    def calls_function(self) -> bool:
        return integrated(self.type, self.uri, self.subtype) is not None


def integrations(place: Place) -> Iterator[Any]:
    """The methods and routes that call functions: a call for each API, of HTTP and WebSocket APIs with functions two.

    Beside these, one for the stages of an API that calls a function.
    """
    kinds = ((_REST, _rest_apis, _methods), (_HTTP, _http_apis, _routes))
    return place.each(lambda kind: _read(place, *kind), kinds)


def authorizers(place: Place) -> Iterator[Any]:
    """The authorizers that are functions: a call for each API, and one for the stages of an API that has any."""
    kinds = ((_REST, _rest_apis, _rest_authorizers), (_HTTP, _http_apis, _http_authorizers))
    return place.each(lambda kind: _read(place, *kind), kinds)


def _read(
    place: Place,
    service: str,
    apis: Callable[[Place], Iterator[tuple[str, str]]],
    wirings: Callable[[Place, str], Iterator[_Wiring]],
) -> Iterator[Any]:
    return place.each(lambda api: _invokers(place, service, *api, wirings(place, api[0])), apis(place))


def _invokers(place: Place, service: str, api: str, name: str, wirings: Iterable[_Wiring]) -> Iterator[Invoker]:
    """The invokers of an API. api: its ID."""
    found = [wiring for wiring in wirings if wiring.calls_function]
    stages = list((_rest_stages if service == _REST else _http_stages)(place, api)) if found else []
    for wiring in found:
        for function, names in _called(wiring, stages).items():
            described = Api(place.arn("execute-api", api), tuple(names), rest=service == _REST)
            invoker = wiring.make(described, wiring.resource, function)
            yield replace(invoker, what=f"{invoker.what} of the API {f'{name} ({api})' if name else api}")


def _called(wiring: _Wiring, stages: Iterable[_Stage]) -> dict[Text, dict[str, None]]:
    """The functions that a wiring calls, each with the stages on which it does."""
    functions: dict[Text, dict[str, None]] = {}
    for stage in stages:
        for variables in stage.variables:
            function = integrated(wiring.type, _filled(wiring.uri or "", variables), wiring.subtype)
            if function is not None:
                functions.setdefault(function, {})[stage.name] = None
    return functions


def _filled(uri: str, variables: Mapping[str, str]) -> str:
    """An integration's URI with the stage variables in it; one that the stage does not set stays."""
    return _STAGE_VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], uri)


def _rest_apis(place: Place) -> Iterator[tuple[str, str]]:
    """IDs and names."""
    for page in place.pages(_REST, "get_rest_apis", page_size=_PAGE):
        yield from ((api["id"], api.get("name") or "") for api in page.get("items") or () if api.get("id"))


def _http_apis(place: Place) -> Iterator[tuple[str, str]]:
    for page in place.pages(_HTTP, "get_apis"):
        yield from ((api["ApiId"], api.get("Name") or "") for api in page.get("Items") or () if api.get("ApiId"))


def _rest_stages(place: Place, api: str) -> Iterator[_Stage]:
    for stage in place.call(_REST, "get_stages", restApiId=api).get("item") or ():
        variables = stage.get("variables") or {}
        of_canary = (stage.get("canarySettings") or {}).get("stageVariableOverrides") or {}
        each = (variables, {**variables, **of_canary}) if of_canary else (variables,)
        yield _Stage(str(stage.get("stageName") or ""), each)


def _http_stages(place: Place, api: str) -> Iterator[_Stage]:
    for page in place.pages(_HTTP, "get_stages", ApiId=api):
        for stage in page.get("Items") or ():
            yield _Stage(str(stage.get("StageName") or ""), (stage.get("StageVariables") or {},))


def _methods(place: Place, api: str) -> Iterator[_Wiring]:
    for page in place.pages(_REST, "get_resources", page_size=_PAGE, restApiId=api, embed=["methods"]):
        for resource in page.get("items") or ():
            for method, settings in (resource.get("resourceMethods") or {}).items():
                integration = (settings or {}).get("methodIntegration") or {}
                path, role = resource.get("path") or "/", integration.get("credentials") or None
                of = f"/restapis/{api}/resources/{resource.get('id')}/methods/{method}"
                yield _Wiring(
                    resource=place.resource("AWS::ApiGateway::Method", _arn(place, of), f"{method} {path}"),
                    uri=integration.get("uri"),
                    type=integration.get("type") or "",
                    make=partial(_make, method_invoker, (method, path, role)),
                )


def _routes(place: Place, api: str) -> Iterator[_Wiring]:
    """Each route with the integration that it leads to."""
    integrations = {
        str(integration.get("IntegrationId")): integration
        for page in place.pages(_HTTP, "get_integrations", ApiId=api)
        for integration in page.get("Items") or ()
        if integrated(
            integration.get("IntegrationType"), integration.get("IntegrationUri"), integration.get("IntegrationSubtype")
        )
    }
    if not integrations:
        return
    for page in place.pages(_HTTP, "get_routes", ApiId=api):
        for route in page.get("Items") or ():
            integration = integrations.get(str(integration_of(route.get("Target") or "")))
            if integration:
                key, of = route.get("RouteKey") or "", f"/apis/{api}/routes/{route.get('RouteId')}"
                yield _Wiring(
                    resource=place.resource("AWS::ApiGatewayV2::Route", _arn(place, of), key),
                    uri=integration.get("IntegrationUri"),
                    type=integration.get("IntegrationType") or "",
                    subtype=integration.get("IntegrationSubtype"),
                    make=partial(_make, route_invoker, (key, integration.get("CredentialsArn") or None)),
                )


def _rest_authorizers(place: Place, api: str) -> Iterator[_Wiring]:
    for page in place.pages(_REST, "get_authorizers", page_size=_PAGE, restApiId=api):
        for authorizer in page.get("items") or ():
            name, identifier = str(authorizer.get("name") or ""), str(authorizer.get("id") or "")
            of, role = _arn(place, f"/restapis/{api}/authorizers/{identifier}"), authorizer.get("authorizerCredentials")
            yield _Wiring(
                resource=place.resource("AWS::ApiGateway::Authorizer", of, name),
                uri=authorizer.get("authorizerUri"),
                make=partial(_make, authorizer_invoker, (name, identifier, role or None)),
            )


def _http_authorizers(place: Place, api: str) -> Iterator[_Wiring]:
    for page in place.pages(_HTTP, "get_authorizers", ApiId=api):
        for authorizer in page.get("Items") or ():
            name, identifier = str(authorizer.get("Name") or ""), str(authorizer.get("AuthorizerId") or "")
            of, role = _arn(place, f"/apis/{api}/authorizers/{identifier}"), authorizer.get("AuthorizerCredentialsArn")
            yield _Wiring(
                resource=place.resource("AWS::ApiGatewayV2::Authorizer", of, name),
                uri=authorizer.get("AuthorizerUri"),
                make=partial(_make, authorizer_invoker, (name, identifier, role or None)),
            )


def _make(
    invoker: Callable[..., Invoker], arguments: tuple[Any, ...], api: Api, resource: Resource, function: Text
) -> Invoker:
    """The invoker, of one of ``rolecall.iac.api_gateway``, for a function. arguments: those behind the function."""
    return invoker(api, resource, function, *arguments)


def _arn(place: Place, path: str) -> str:
    """The ARN of something that API Gateway manages: without an account."""
    return f"arn:{place.partition}:apigateway:{place.region}::{path}"


PARTS = (
    Part("api_gateway", integrations, ("apigateway:GET",), abroad=True),
    Part("api_gateway_authorizer", authorizers, ("apigateway:GET",), abroad=True),
)
