"""``http``, ``httpApi`` and ``websocket`` events as API Gateway resources, and the permissions to call.

Sources: https://www.serverless.com/framework/docs/providers/aws/events/apigateway,
https://www.serverless.com/framework/docs/providers/aws/events/http-api,
https://www.serverless.com/framework/docs/providers/aws/events/websocket
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, as_name, table
from rolecall.iac.serverless.stack import Stack, arn, here
from rolecall.unknown import Unknown

_GATEWAY = "apigateway.amazonaws.com"
_POOL = re.compile(r"arn:[a-z-]+:cognito-idp:")
_INTEGRATIONS = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}
_MAPPED = ("AWS", "AWS_PROXY")


def add_apis(stack: Stack) -> None:
    _add_rest_api(stack)
    _add_http_api(stack)
    _add_websocket_api(stack)


def _uri(target: Any, version: str = "2015-03-31", ending: str = "/invocations") -> dict[str, Any]:
    """The URI with which API Gateway calls a function. target: its ARN, or the pieces of that."""
    pieces = target if isinstance(target, list) else [target]
    return arn(":apigateway:", {"Ref": "AWS::Region"}, f":lambda:path/{version}/functions/", *pieces, ending)


def _words(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else []


# REST APIs


def _add_rest_api(stack: Stack) -> None:
    wired = [(function, event) for function in stack.service.functions for event in function.events("http")]
    if not wired:
        return
    settings = table(stack.service.provider.get("apiGateway"))
    own = settings.get("restApiId")
    api = own or {"Ref": "ApiGatewayRestApi"}
    if not own:
        stack.add("ApiGatewayRestApi", "AWS::ApiGateway::RestApi", {"Policy": _resource_policy(settings)})
    root = settings.get("restApiRootResourceId") or {"Fn::GetAtt": ["ApiGatewayRestApi", "RootResourceId"]}
    given = table(settings.get("restApiResources"))
    for function, event in wired:
        method, path = _method_and_path(event)
        resource = _path_resource(stack, api, root, given, path) if path else root
        authorization = _authorization(stack, function, event, api)
        stack.add(
            f"ApiGatewayMethod{names.path(path)}{names.upper_first(method.lower())}",
            "AWS::ApiGateway::Method",
            {
                "HttpMethod": method.upper(),
                "ResourceId": resource,
                "RestApiId": api,
                **authorization,
                "Integration": _integration(function, event),
            },
            function,
        )
        source = here("execute-api", api, "/*/*")
        stack.permit(f"{names.normal(function.key)}LambdaPermissionApiGateway", function, _GATEWAY, source)


def _resource_policy(settings: Mapping[str, Any]) -> Any:
    statements = settings.get("resourcePolicy")
    return {"Version": "2012-10-17", "Statement": statements} if statements else ""


def _method_and_path(event: Any) -> tuple[str, str]:
    """In lower case, and without slashes at its ends; a method that is not known is ``unknown``."""
    if isinstance(event, Mapping):
        method, path = names.plain(event.get("method")), names.plain(event.get("path"))
    else:
        method, path = [*_words(event), "", ""][:2] if isinstance(event, str) else ("Unknown", "Unknown")
    return method.lower(), path.removeprefix("/").removesuffix("/")


def _path_resource(stack: Stack, api: Any, root: Any, given: Mapping[str, Any], path: str) -> Any:
    """Declares the path and all above it; those that the configuration gives by ID are there."""
    parent = root
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        whole = "/".join(parts[:end])
        known = given.get(f"/{whole}") or given.get(whole)
        if known:
            parent = known
            continue
        logical = f"ApiGatewayResource{names.path(whole)}"
        if logical not in stack.resources:
            stack.add(
                logical,
                "AWS::ApiGateway::Resource",
                {"ParentId": parent, "PathPart": parts[end - 1], "RestApiId": api},
            )
        parent = {"Ref": logical}
    return parent


def _integration(function: Function, event: Any) -> dict[str, Any]:
    given = table(event).get("integration")
    if isinstance(given, Unknown):
        return {"Type": given, "Uri": given}
    kind = (
        given.upper().replace("-", "_")
        if isinstance(given, str)
        else "AWS"
        if table(event).get("async")
        else "AWS_PROXY"
    )
    kind = _INTEGRATIONS.get(kind, kind)
    if kind not in _MAPPED:
        request = table(table(event).get("request"))
        return {"Type": kind, **({"Uri": request["uri"]} if request.get("uri") else {})}
    mode = table(table(event).get("response")).get("transferMode")
    streams = isinstance(mode, str) and mode.upper() == "STREAM" and kind == "AWS_PROXY"
    own = [{"Fn::GetAtt": [function.logical, "Arn"]}, *([":", function.alias] if function.alias else [])]
    uri = _uri(own, "2021-11-15", "/response-streaming-invocations") if streams else _uri(own)
    return {"IntegrationHttpMethod": "POST", "Type": kind, "Uri": uri}


def _authorization(stack: Stack, function: Function, event: Any, api: Any) -> dict[str, Any]:
    """The method's authorization; a function that authorizes is declared, and permitted, as the framework does."""
    given = table(event).get("authorizer")
    if not given:
        return {"AuthorizationType": "NONE"}
    if isinstance(given, Unknown):
        return {"AuthorizationType": given, "AuthorizerId": given}
    kind = names.plain(given if isinstance(given, str) else table(given).get("type"))
    if kind.upper() == "AWS_IAM":
        return {"AuthorizationType": "AWS_IAM"}
    settings = {"arn" if ":" in given else "name": given} if isinstance(given, str) else table(given)
    kind = names.plain(settings.get("type"))
    if kind and settings.get("authorizerId"):
        custom = kind.upper() in ("TOKEN", "REQUEST")
        return {"AuthorizationType": "CUSTOM" if custom else kind, "AuthorizerId": settings["authorizerId"]}
    target, name = settings.get("arn"), settings.get("name")
    callee: Function | None = None
    if not target:
        callee = stack.service.by_key.get(name) if isinstance(name, str) else None
        target = callee.target if callee else Unknown(f"{names.plain(name)} is no function of this service")
    elif not isinstance(name, str):
        name = re.split("[:-]", target)[-1] if isinstance(target, str) else "Unknown"
    label = names.normal(names.plain(name))
    logical = f"{label}ApiGatewayAuthorizer"
    pool = kind.upper() == "COGNITO_USER_POOLS" or (isinstance(target, str) and _POOL.match(target) is not None)
    how = {"ProviderARNs": [target]} if pool else {"AuthorizerUri": _uri(target)}
    chosen = "COGNITO_USER_POOLS" if pool else kind.upper() or "TOKEN"
    stack.add(
        logical, "AWS::ApiGateway::Authorizer", {"Name": name, "RestApiId": api, "Type": chosen, **how},
        callee or function,
    )  # fmt: skip
    permission = f"{label}LambdaPermissionApiGateway"
    if not pool and permission not in stack.resources and not settings.get("managedExternally"):
        called = {"Ref": callee.alias_logical} if callee is not None and callee.alias else target
        stack.permit(permission, callee or function, _GATEWAY, here("execute-api", api, "/*/*"), FunctionName=called)
    return {"AuthorizationType": "COGNITO_USER_POOLS" if pool else "CUSTOM", "AuthorizerId": {"Ref": logical}}


# HTTP APIs


def _add_http_api(stack: Stack) -> None:
    wired = [(function, event) for function in stack.service.functions for event in function.events("httpApi")]
    if not wired:
        return
    settings = table(stack.service.provider.get("httpApi"))
    own = settings.get("id")
    api = own or {"Ref": "HttpApi"}
    if not own:
        stack.add("HttpApi", "AWS::ApiGatewayV2::Api", {"ProtocolType": "HTTP"})
        stage = {"ApiId": api, "StageName": "$default", "AutoDeploy": True}
        stack.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", stage)
    for name, authorizer in table(settings.get("authorizers")).items():
        _add_http_authorizer(stack, api, name, authorizer)
    for function, event in wired:
        _add_route(stack, settings, api, function, event)


def _add_http_authorizer(stack: Stack, api: Any, name: str, given: Any) -> None:
    settings = table(given)
    logical = f"HttpApiAuthorizer{names.normal(names.plain(settings.get('name') or name))}"
    properties: dict[str, Any] = {"ApiId": api, "Name": settings.get("name") or name}
    if isinstance(given, Unknown) or isinstance(settings.get("type"), Unknown):
        stack.add(logical, "AWS::ApiGatewayV2::Authorizer", {**properties, "AuthorizerType": Unknown("not known")})
        return
    if settings.get("type") != "request":
        audience = settings.get("audience")
        claims = {
            "Audience": audience if isinstance(audience, list) else [audience],
            "Issuer": settings.get("issuerUrl"),
        }
        stack.add(
            logical,
            "AWS::ApiGatewayV2::Authorizer",
            {**properties, "AuthorizerType": "JWT", "JwtConfiguration": claims},
        )
        return
    callee = stack.service.by_key.get(names.plain(settings.get("functionName")))
    target = settings.get("functionArn") or (
        callee.target
        if callee
        else Unknown(f"{names.plain(settings.get('functionName'))} is no function of this service")
    )
    uri = {"AuthorizerType": "REQUEST", "AuthorizerUri": _uri(target)}
    stack.add(logical, "AWS::ApiGatewayV2::Authorizer", {**properties, **uri}, callee)
    if not settings.get("managedExternally"):
        label = names.normal(names.plain(settings.get("name") or name))
        stack.add(
            f"{label}LambdaAuthorizerPermissionHttpApi",
            "AWS::Lambda::Permission",
            {
                "FunctionName": target,
                "Action": "lambda:InvokeFunction",
                "Principal": _GATEWAY,
                "SourceArn": here("execute-api", api, "/*"),
            },
            callee,
        )


def _add_route(stack: Stack, settings: Mapping[str, Any], api: Any, function: Function, event: Any) -> None:
    normal = names.normal(function.key)
    if isinstance(event, Mapping):
        method, path = names.plain(event.get("method")), names.plain(event.get("path"))
    else:
        words = _words(event)
        method, path = (words[0], words[1]) if len(words) > 1 else ("", words[0] if words else "Unknown")
    key = "*" if path == "*" else f"{'ANY' if method == '*' else method.upper()} {path}"
    integration = f"HttpApiIntegration{normal}"
    version = table(function.settings.get("httpApi")).get("payload") or settings.get("payload") or "2.0"
    called = {"IntegrationType": "AWS_PROXY", "IntegrationUri": function.target, "PayloadFormatVersion": version}
    stack.add(integration, "AWS::ApiGatewayV2::Integration", {"ApiId": api, **called}, function)
    stack.add(
        "HttpApiRouteDefault" if key == "*" else f"HttpApiRoute{names.path(key)}",
        "AWS::ApiGatewayV2::Route",
        {
            "ApiId": api,
            "RouteKey": "$default" if key == "*" else key,
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            **_route_authorization(settings, event),
        },
        function,
    )
    stack.permit(f"{normal}LambdaPermissionHttpApi", function, _GATEWAY, here("execute-api", api, "/*"))


def _route_authorization(settings: Mapping[str, Any], event: Any) -> dict[str, Any]:
    given = table(event).get("authorizer")
    if not given:
        return {}
    if isinstance(given, Unknown):
        return {"AuthorizationType": given, "AuthorizerId": given}
    name = given if isinstance(given, str) else table(given).get("name")
    own = table(table(settings.get("authorizers")).get(names.plain(name)))
    kind = own.get("type") or table(given).get("type")
    if kind == "aws_iam":
        return {"AuthorizationType": "AWS_IAM"}
    made = {"Ref": f"HttpApiAuthorizer{names.normal(names.plain(own.get('name') or name))}"}
    chosen = kind if isinstance(kind, Unknown) else "CUSTOM" if kind == "request" else "JWT"
    return {"AuthorizationType": chosen, "AuthorizerId": table(given).get("id") or made}


# WebSocket APIs


def _add_websocket_api(stack: Stack) -> None:
    wired = [(function, event) for function in stack.service.functions for event in function.events("websocket")]
    if not wired:
        return
    own = table(stack.service.provider.get("apiGateway")).get("websocketApiId")
    api = own or {"Ref": "WebsocketsApi"}
    if not own:
        stack.add("WebsocketsApi", "AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"})
        connections = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
        for function, _ in wired:
            stack.grant(function, "execute-api:ManageConnections", on=[connections])
    stack.add("WebsocketsDeploymentStage", "AWS::ApiGatewayV2::Stage", {"ApiId": api, "StageName": stack.service.stage})
    for function, event in wired:
        _add_websocket_route(stack, api, function, event)


def _add_websocket_route(stack: Stack, api: Any, function: Function, event: Any) -> None:
    route = event.get("route") if isinstance(event, Mapping) else event
    normal = names.normal(function.key)
    integration = f"{normal}WebsocketsIntegration"
    stack.add(
        integration, "AWS::ApiGatewayV2::Integration",
        {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": _uri(function.target)}, function,
    )  # fmt: skip
    label = names.plain(route)
    for sign, word in (("$", "S"), ("/", "Slash"), ("-", "Dash"), ("_", "Underscore"), (".", "Period")):
        label = label.replace(sign, word)
    stack.add(
        f"{label}WebsocketsRoute",
        "AWS::ApiGatewayV2::Route",
        {
            "ApiId": api,
            "RouteKey": route,
            "AuthorizationType": "NONE",
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            **_websocket_authorization(stack, api, function, event),
        },
        function,
    )
    stack.permit(f"{normal}LambdaPermissionWebsockets", function, _GATEWAY)


def _websocket_authorization(stack: Stack, api: Any, function: Function, event: Any) -> dict[str, Any]:
    given = table(event).get("authorizer")
    if not given:
        return {}
    if isinstance(given, Unknown):
        return {"AuthorizationType": given, "AuthorizerId": given}
    settings = {"arn" if ":" in given else "name": given} if isinstance(given, str) else table(given)
    target, name = settings.get("arn"), settings.get("name")
    callee: Function | None = None
    if not target:
        callee = stack.service.by_key.get(names.plain(name))
        target = callee.target if callee else Unknown(f"{names.plain(name)} is no function of this service")
    elif isinstance(target, str):
        name = target.split(":")[-1]
    label = names.normal(names.plain(name))
    logical = f"{label}WebsocketsAuthorizer"
    stack.add(
        logical, "AWS::ApiGatewayV2::Authorizer",
        {"ApiId": api, "Name": as_name(name), "AuthorizerType": "REQUEST", "AuthorizerUri": _uri(target)},
        callee or function,
    )  # fmt: skip
    stack.permit(f"{label}LambdaPermissionWebsockets", callee or function, _GATEWAY, FunctionName=target)
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": logical}}
