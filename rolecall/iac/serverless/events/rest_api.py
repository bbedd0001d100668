"""``http`` events as a REST API, and the permissions to call.

Source: https://www.serverless.com/framework/docs/providers/aws/events/apigateway
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.events.gateway import GATEWAY, named_function, undecided, uri, words
from rolecall.iac.serverless.service import Function, table
from rolecall.iac.serverless.stack import Stack, here
from rolecall.unknown import Unknown

_POOL = re.compile(r"arn:[a-z-]+:cognito-idp:")
_INTEGRATIONS = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}
_MAPPED = ("AWS", "AWS_PROXY")


def add(stack: Stack) -> None:
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
        stack.permit(f"{function.normal}LambdaPermissionApiGateway", function, GATEWAY, source)


def _resource_policy(settings: Mapping[str, Any]) -> Any:
    statements = settings.get("resourcePolicy")
    return {"Version": "2012-10-17", "Statement": statements} if statements else ""


def _method_and_path(event: Any) -> tuple[str, str]:
    """In lower case, and without slashes at its ends; a method that is not known is ``unknown``."""
    if isinstance(event, Mapping):
        method, path = names.plain(event.get("method")), names.plain(event.get("path"))
    else:
        method, path = [*words(event), "", ""][:2] if isinstance(event, str) else ("Unknown", "Unknown")
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
    version = ("2021-11-15", "/response-streaming-invocations") if streams else ()
    return {"IntegrationHttpMethod": "POST", "Type": kind, "Uri": uri(own, *version)}


def _authorization(stack: Stack, function: Function, event: Any, api: Any) -> dict[str, Any]:
    """The method's authorization; a function that authorizes is declared, and permitted, as the framework does."""
    given = table(event).get("authorizer")
    if not given:
        return {"AuthorizationType": "NONE"}
    if isinstance(given, Unknown):
        return undecided(given)
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
        callee, target = named_function(stack, name)
    elif not isinstance(name, str):
        name = re.split("[:-]", target)[-1] if isinstance(target, str) else "Unknown"
    label = names.normal(names.plain(name))
    logical = f"{label}ApiGatewayAuthorizer"
    pool = kind.upper() == "COGNITO_USER_POOLS" or (isinstance(target, str) and _POOL.match(target) is not None)
    how = {"ProviderARNs": [target]} if pool else {"AuthorizerUri": uri(target)}
    chosen = "COGNITO_USER_POOLS" if pool else kind.upper() or "TOKEN"
    stack.add(
        logical, "AWS::ApiGateway::Authorizer", {"Name": name, "RestApiId": api, "Type": chosen, **how},
        callee or function,
    )  # fmt: skip
    permission = f"{label}LambdaPermissionApiGateway"
    if not pool and permission not in stack.resources and not settings.get("managedExternally"):
        called = {"Ref": callee.alias_logical} if callee is not None and callee.alias else target
        stack.permit(permission, callee or function, GATEWAY, here("execute-api", api, "/*/*"), FunctionName=called)
        stack.say(function, permission)
    stack.say(function, logical)
    return {"AuthorizationType": "COGNITO_USER_POOLS" if pool else "CUSTOM", "AuthorizerId": {"Ref": logical}}
