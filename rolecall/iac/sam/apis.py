"""``AWS::Serverless::Api`` and ``AWS::Serverless::HttpApi``, and the routes that events add to them.

An API without definition gets one made of its events. Where it has its own, events only let it call the function.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.sam.stack import PREFIX, Event, Route, Stack, hashed
from rolecall.iac.sam.values import is_intrinsic, listed, mapping, only_if, picked, ref, referred, sub
from rolecall.iac.template import Declared
from rolecall.unknown import Unknown

REST, HTTP = f"{PREFIX}Api", f"{PREFIX}HttpApi"
IMPLICIT = {REST: "ServerlessRestApi", HTTP: "ServerlessHttpApi"}
_PLAIN = {REST: "AWS::ApiGateway::RestApi", HTTP: "AWS::ApiGatewayV2::Api"}
DEFAULT_ROUTE = "$default"
_ANY = "x-amazon-apigateway-any-method"
_VARIABLE = {REST: r"\{(?:[a-zA-Z0-9._-]+\+?)\}", HTTP: r"\{(?:[a-zA-Z0-9._-]+|proxy\+)\}"}
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_INTEGRATION = "x-amazon-apigateway-integration"


def rest_route(event: Event) -> None:
    """An event of type ``Api``."""
    api, path = event.given.get("RestApiId", ref(IMPLICIT[REST])), event.property("Path")
    explicit = referred(api) != IMPLICIT[REST]
    stage = _api_properties(event.stack, referred(api)).get("StageName") if explicit else "Prod"
    suffix = stage if isinstance(stage, str) and stage else "Stage"
    _route(event, REST, api, path, event.property("Method"), suffix)


def http_route(event: Event) -> None:
    """An event of type ``HttpApi``; one without path and method is the default route."""
    api, path, method = (
        event.given.get("ApiId", ref(IMPLICIT[HTTP])),
        event.given.get("Path"),
        event.given.get("Method"),
    )
    if not path and not method:
        path, method = DEFAULT_ROUTE, _ANY
    _route(event, HTTP, api, path, method, "")


def _route(event: Event, kind: str, api: Any, path: Any, method: Any, suffix: str) -> None:
    if not isinstance(path, str) or not isinstance(method, str):
        why = Unknown(f"path and method of {event.logical} are not known")
        event.permit("apigateway.amazonaws.com", suffix, SourceArn=why)
        return
    logical = referred(api)
    if kind == REST or not _calls_by_default(event, logical, path):
        source = _source_arn(kind, api, path, method)
        event.permit("apigateway.amazonaws.com", suffix, SourceArn=source)
    integration = _integration(event, kind, _api_properties(event.stack, logical))
    add_route(event, api, path, method, integration)


def add_route(event: Event, api: Any, path: str, method: str, integration: Mapping[str, Any]) -> None:
    """Add a route to an API. api: as the event names it."""
    auth = mapping(event.given.get("Auth"))
    route = Route(event.target.source, path, _method(method), integration, auth)
    event.stack.routes.setdefault(referred(api), []).append(route)
    if (route.path, route.method) == (DEFAULT_ROUTE, _ANY):
        event.stack.defaults.add((referred(api), route.source.logical))


def _source_arn(kind: str, api: Any, path: str, method: str) -> dict[str, Any]:
    below = re.sub(_VARIABLE[kind], "*", re.sub(r"^(.+)/$", r"\1", path))
    below = "" if kind == HTTP and below == DEFAULT_ROUTE else below
    verb = "*" if _method(method) == _ANY else method.upper()
    resource = f"${{__ApiId__}}/${{__Stage__}}/{verb}{below}"
    if kind == HTTP and method.lower() == "any" and below == f"/{DEFAULT_ROUTE}":
        resource = f"${{__ApiId__}}/${{__Stage__}}{below}"
    arn = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"
    return sub(arn, __ApiId__=api, __Stage__="*")


def _calls_by_default(event: Event, api: str, path: str) -> bool:
    """Whether the function has the API's default route: SAM then makes no statement for its other routes."""
    if path == DEFAULT_ROUTE or event.target.arn == event.target.name:
        return False
    if (api, event.target.source.logical) in event.stack.defaults:
        return True
    body = _api_properties(event.stack, api).get("DefinitionBody")
    method_ = mapping(mapping(mapping(mapping(body).get("paths")).get(DEFAULT_ROUTE)).get(_ANY))
    uri = mapping(method_.get(_INTEGRATION)).get("uri")
    text = uri.get("Fn::Sub") if isinstance(uri, Mapping) else None
    return isinstance(text, str) and f"{{{event.target.source.logical}.Arn}}" in text


def _method(method: str) -> str:
    return _ANY if method.lower() in ("any", _ANY) else method.lower()


def _api_properties(stack: Stack, logical: str) -> Mapping[str, Any]:
    declared = stack.written.resources.get(logical)
    return stack.properties(declared) if declared is not None else {}


def implicit_apis(stack: Stack) -> Iterator[Declared]:
    """The APIs that events use without naming any; they replace whatever has their logical ID."""
    for kind, logical in IMPLICIT.items():
        routes = stack.routes.get(logical, [])
        if routes:
            conditions = [route.source.condition for route in routes]
            condition = stack.any_of(f"{logical}Condition", conditions) if all(conditions) else ""
            given = {"StageName": "Prod"} if kind == REST else {}
            first = routes[0].source
            yield Declared(logical, kind, given, condition, first.lines, origin=first.logical)


def api(stack: Stack, source: Declared) -> None:
    """Make an API, its stage, and the statements for its authorizers."""
    kind, logical, given = source.type, source.logical, stack.properties(source)
    body, place = given.get("DefinitionBody"), given.get("DefinitionUri")
    own = mapping(body) and (kind == HTTP or given.get("MergeDefinitions"))
    if own or not (body or place):
        body = _with_routes(stack, kind, logical, mapping(body), mapping(given.get("Auth")))
    if isinstance(body, Mapping) and not is_intrinsic(body):
        body = _with_authorizers(kind, given, body)
    elif "Fn::Transform" in (body if isinstance(body, Mapping) else {}):
        body = Unknown("a transform makes the definition")
    known = picked(given, "Name", "Mode", "EndpointConfiguration", "DisableExecuteApiEndpoint", "Description")
    held = Unknown("the definition is a file of its own") if place and not body else None
    stack.add(logical, _PLAIN[kind], {**known, "Body": body or held}, source)
    _stage(stack, source, given)
    for name, authorizer in _authorizers(given):
        if authorizer.get("FunctionArn") and _permitted(kind, authorizer):
            arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*"
            stack.add(
                f"{logical}{name}AuthorizerPermission",
                "AWS::Lambda::Permission",
                {
                    "Action": "lambda:InvokeFunction",
                    "FunctionName": authorizer["FunctionArn"],
                    "Principal": "apigateway.amazonaws.com",
                    "SourceArn": sub(arn, __ApiId__=ref(logical)),
                },
                source,
                part=f"authorizer {name}",
            )


def _permitted(kind: str, authorizer: Mapping[str, Any]) -> bool:
    """Whether SAM lets the API call the authorizer: a REST API unless told not to, an HTTP API only when told to."""
    if kind == REST:
        return not authorizer.get("DisableFunctionDefaultPermissions")
    return bool(authorizer.get("EnableFunctionDefaultPermissions"))


def _stage(stack: Stack, source: Declared, given: Mapping[str, Any]) -> None:
    name = given.get("StageName") or (None if source.type == REST else DEFAULT_ROUTE)
    text = name if isinstance(name, str) else ""
    if text == DEFAULT_ROUTE and source.type == HTTP:
        logical = f"{source.logical}ApiGatewayDefaultStage"
    else:
        logical = f"{source.logical}{text}Stage" if text.isalnum() else f"{source.logical}Stage{hashed(text)}"
    kind, key = ("ApiGateway", "RestApiId") if source.type == REST else ("ApiGatewayV2", "ApiId")
    stack.add(logical, f"AWS::{kind}::Stage", {key: ref(source.logical), "StageName": name}, source)
    stack.renamed[f"{source.logical}.Stage"] = logical


def _with_routes(
    stack: Stack, kind: str, logical: str, written: Mapping[str, Any], auth: Mapping[str, Any]
) -> dict[str, Any]:
    """The definition with the routes of all events. written: what the template has of it, which goes before."""
    paths: dict[str, Any] = dict(mapping(written.get("paths")))
    for route in stack.routes.get(logical, ()):
        authorizer = route.auth.get("Authorizer") or auth.get("DefaultAuthorizer")
        secured = isinstance(authorizer, str) and authorizer != "NONE"
        security: dict[str, Any] = {"security": [{authorizer: []}]} if secured else {}
        operation = {_INTEGRATION: route.integration, "responses": {}, **security}
        methods = mapping(paths.get(route.path))
        if kind == REST or _INTEGRATION not in mapping(methods.get(route.method)):
            paths[route.path] = {**methods, route.method: only_if(route.source.condition, operation)}
    version = {"swagger": "2.0"} if kind == REST else {"openapi": "3.0.1"}
    return {**version, **written, "paths": paths}


def _integration(event: Event, kind: str, api: Mapping[str, Any]) -> dict[str, Any]:
    """How the API calls the function. api: the API's properties."""
    streamed = event.given.get("ResponseTransferMode") == "RESPONSE_STREAM"
    version, call = ("2021-11-15", "response-streaming-invocations") if streamed else ("2015-03-31", "invocations")
    before = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/{version}/functions/"
    made = {"type": "aws_proxy", "httpMethod": "POST", "uri": event.target.inside(before, f"/{call}")}
    if kind == HTTP:
        return {**made, "payloadFormatVersion": event.given.get("PayloadFormatVersion") or "2.0"}
    own, shared = mapping(event.given.get("Auth")), mapping(api.get("Auth"))
    if own.get("Authorizer") == "AWS_IAM" or (shared.get("DefaultAuthorizer") == "AWS_IAM" and not own):
        role = own.get("InvokeRole", shared.get("InvokeRole", "CALLER_CREDENTIALS")) or "NONE"
        if role != "NONE":
            caller = sub("arn:${AWS::Partition}:iam::*:user/*")
            made["credentials"] = caller if role == "CALLER_CREDENTIALS" else role
    return made


def _authorizers(given: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, authorizer in mapping(mapping(given.get("Auth")).get("Authorizers")).items():
        yield name, mapping(authorizer)


def _with_authorizers(kind: str, given: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with the API's authorizers."""
    made: dict[str, Any] = {}
    for name, authorizer in _authorizers(given):
        if authorizer.get("FunctionArn"):
            made[name] = {"type": "apiKey", "in": "header", _AUTHORIZER: _lambda_authorizer(kind, authorizer)}
        elif authorizer.get("UserPoolArn"):
            pools = {"type": "cognito_user_pools", "providerARNs": listed(authorizer["UserPoolArn"])}
            made[name] = {"type": "apiKey", "in": "header", _AUTHORIZER: pools}
    if not made:
        return dict(body)
    if kind == REST and "openapi" not in body and not given.get("OpenApiVersion"):
        return {**body, "securityDefinitions": {**mapping(body.get("securityDefinitions")), **made}}
    components = mapping(body.get("components"))
    schemes = {**mapping(components.get("securitySchemes")), **made}
    return {**body, "components": {**components, "securitySchemes": schemes}}


def _lambda_authorizer(kind: str, authorizer: Mapping[str, Any]) -> dict[str, Any]:
    path = "lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations"
    uri = sub(f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:{path}", __FunctionArn__=authorizer["FunctionArn"])
    role = authorizer.get("FunctionInvokeRole")
    payload = authorizer.get("FunctionPayloadType") or "TOKEN"
    named = "request" if kind == HTTP else payload.lower() if isinstance(payload, str) else payload
    return {"type": named, "authorizerUri": uri, **({"authorizerCredentials": role} if role and role != "NONE" else {})}
