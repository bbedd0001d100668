"""``httpApi`` events as an HTTP API, and the permissions to call.

Source: https://www.serverless.com/framework/docs/providers/aws/events/http-api
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.events.gateway import GATEWAY, named_function, undecided, uri, words
from rolecall.iac.serverless.service import Function, table
from rolecall.iac.serverless.stack import Stack, here
from rolecall.unknown import Unknown


def add(stack: Stack) -> None:
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
    label = names.normal(names.plain(settings.get("name") or name))
    logical, permission = f"HttpApiAuthorizer{label}", f"{label}LambdaAuthorizerPermissionHttpApi"
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
    callee, called = named_function(stack, settings.get("functionName"))
    target = settings.get("functionArn") or called
    called_by = {"AuthorizerType": "REQUEST", "AuthorizerUri": uri(target)}
    stack.add(logical, "AWS::ApiGatewayV2::Authorizer", {**properties, **called_by}, callee)
    if not settings.get("managedExternally"):
        stack.add(
            permission,
            "AWS::Lambda::Permission",
            {
                "FunctionName": target,
                "Action": "lambda:InvokeFunction",
                "Principal": GATEWAY,
                "SourceArn": here("execute-api", api, "/*"),
            },
            callee,
        )
    stack.made_for |= dict.fromkeys((logical, permission), f"provider.httpApi.authorizers.{name}")


def _add_route(stack: Stack, settings: Mapping[str, Any], api: Any, function: Function, event: Any) -> None:
    normal = function.normal
    if isinstance(event, Mapping):
        method, path = names.plain(event.get("method")), names.plain(event.get("path"))
    else:
        given = words(event)
        method, path = (given[0], given[1]) if len(given) > 1 else ("", given[0] if given else "Unknown")
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
    stack.permit(f"{normal}LambdaPermissionHttpApi", function, GATEWAY, here("execute-api", api, "/*"))


def _route_authorization(settings: Mapping[str, Any], event: Any) -> dict[str, Any]:
    given = table(event).get("authorizer")
    if not given:
        return {}
    if isinstance(given, Unknown):
        return undecided(given)
    name = given if isinstance(given, str) else table(given).get("name")
    own = table(table(settings.get("authorizers")).get(names.plain(name)))
    kind = own.get("type") or table(given).get("type")
    if kind == "aws_iam":
        return {"AuthorizationType": "AWS_IAM"}
    made = {"Ref": f"HttpApiAuthorizer{names.normal(names.plain(own.get('name') or name))}"}
    chosen = kind if isinstance(kind, Unknown) else "CUSTOM" if kind == "request" else "JWT"
    return {"AuthorizationType": chosen, "AuthorizerId": table(given).get("id") or made}
