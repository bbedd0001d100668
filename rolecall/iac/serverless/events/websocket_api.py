"""``websocket`` events as a WebSocket API, and the permissions to call.

Source: https://www.serverless.com/framework/docs/providers/aws/events/websocket
"""

from __future__ import annotations

from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.events.gateway import GATEWAY, named_function, undecided, uri
from rolecall.iac.serverless.service import Function, as_name, setting, table
from rolecall.iac.serverless.stack import Stack
from rolecall.unknown import Unknown


def add(stack: Stack) -> None:
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
    route = setting(event, "route")
    normal = function.normal
    integration = f"{normal}WebsocketsIntegration"
    stack.add(
        integration, "AWS::ApiGatewayV2::Integration",
        {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri(function.target)}, function,
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
    stack.permit(f"{normal}LambdaPermissionWebsockets", function, GATEWAY)


def _websocket_authorization(stack: Stack, api: Any, function: Function, event: Any) -> dict[str, Any]:
    given = table(event).get("authorizer")
    if not given:
        return {}
    if isinstance(given, Unknown):
        return undecided(given)
    settings = {"arn" if ":" in given else "name": given} if isinstance(given, str) else table(given)
    target, name = settings.get("arn"), settings.get("name")
    callee: Function | None = None
    if not target:
        callee, target = named_function(stack, name)
    elif isinstance(target, str):
        name = target.split(":")[-1]
    label = names.normal(names.plain(name))
    logical = f"{label}WebsocketsAuthorizer"
    stack.add(
        logical, "AWS::ApiGatewayV2::Authorizer",
        {"ApiId": api, "Name": as_name(name), "AuthorizerType": "REQUEST", "AuthorizerUri": uri(target)},
        callee or function,
    )  # fmt: skip
    permission = f"{label}LambdaPermissionWebsockets"
    stack.permit(permission, callee or function, GATEWAY, FunctionName=target)
    stack.say(function, logical, permission)
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": logical}}
