"""RC301, RC302, RC313, RC315, RC316: APIs, function URLs and distributions that call functions.

In a plan that makes the API, ``"${aws_api_gateway_rest_api.shop.execution_arn}/*"`` is a reference to ``execution_arn``
and nothing else: what follows is not told. A document with the ARN of a function in it is not known at all.
"""

from __future__ import annotations

from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Resource, after, known, resource

from plan_cases.parts import FUNCTION_ARN, ORDERS_ARN, ROLE_ARN, Plans, case, function, permission, running

URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION_ARN}kept/invocations"
EXECUTION = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:"
KEPT = running("kept", f"{ROLE_ARN}app", invoke_arn=known(URI, expression=False))
KEPT_URI = known(URI, "aws_lambda_function.kept.invoke_arn")
ORDERS_URI = after("aws_lambda_function.orders.invoke_arn")
API = "apigateway.amazonaws.com"


def rest(name: str, identifier: str = "", **more: Any) -> Resource:
    """A REST API; one that is there before by its ID."""
    if not identifier:
        return resource(f"aws_api_gateway_rest_api.{name}", name=name, id=UNKNOWN, arn=UNKNOWN, execution_arn=UNKNOWN,
                        root_resource_id=UNKNOWN, **{"body": None, **more})  # fmt: skip
    values = {"id": identifier, "root_resource_id": "root1", "execution_arn": f"{EXECUTION}{identifier}"}
    of_itself = {key: known(value, expression=False) for key, value in values.items()}
    return resource(f"aws_api_gateway_rest_api.{name}", "no-op", before=values, name=name, **of_itself, **more)


def integration(name: str, api: Any, path: Any, uri: Any, method: str = "GET", **more: Any) -> Resource:
    return resource(f"aws_api_gateway_integration.{name}", rest_api_id=api, resource_id=path, http_method=method,
                    integration_http_method="POST", uri=uri, id=UNKNOWN, **{"type": "AWS_PROXY", **more})  # fmt: skip


def of_new(name: str = "shop") -> tuple[Any, Any]:
    """ID and root of an API that is made."""
    return after(f"aws_api_gateway_rest_api.{name}.id"), after(f"aws_api_gateway_rest_api.{name}.root_resource_id")


def of_old(name: str = "old", identifier: str = "a1b2c3d4e5") -> tuple[Any, Any]:
    """ID and root of an API that is there before."""
    api = f"aws_api_gateway_rest_api.{name}"
    return known(identifier, f"{api}.id"), known("root1", f"{api}.root_resource_id")


def http(name: str, **more: Any) -> Resource:
    return resource(f"aws_apigatewayv2_api.{name}", name=name, protocol_type="HTTP", id=UNKNOWN, arn=UNKNOWN,
                    execution_arn=UNKNOWN, **more)  # fmt: skip


def route(name: str, key: str, api: str, uri: Any = ORDERS_URI) -> tuple[Resource, Resource]:
    """A route of an HTTP API with its integration; the route's target is made of the ID of the latter."""
    identifier = after(f"aws_apigatewayv2_api.{api}.id")
    return (
        resource(f"aws_apigatewayv2_integration.{name}", api_id=identifier, integration_type="AWS_PROXY",
                 integration_uri=uri, id=UNKNOWN),
        resource(f"aws_apigatewayv2_route.{name}", api_id=identifier, route_key=key, id=UNKNOWN,
                 target=after(f"aws_apigatewayv2_integration.{name}.id")),
    )  # fmt: skip


def authorizer(name: str, api: Any, uri: Any = ORDERS_URI, **more: Any) -> Resource:
    values = {"id": UNKNOWN, "authorizer_credentials": None, **more}
    return resource(f"aws_api_gateway_authorizer.{name}", name=name, rest_api_id=api, authorizer_uri=uri, **values)


def old_authorizer(name: str, identifier: str, uri: Any = KEPT_URI) -> Resource:
    return authorizer(name, of_old()[0], uri, id=known(identifier, expression=False))


def url(name: str, auth: Any, function: str = "orders", **more: Any) -> Resource:
    values = {"qualifier": None, "function_url": UNKNOWN, "url_id": UNKNOWN, "function_arn": UNKNOWN, "id": UNKNOWN}
    return resource(f"aws_lambda_function_url.{name}", authorization_type=auth,
                    function_name=known(function, f"aws_lambda_function.{function}.function_name"),
                    **{**values, **more})  # fmt: skip


def both(name: str, function: str, principal: Any, auth: str = "AWS_IAM", **more: Any) -> tuple[Resource, Resource]:
    """The two permissions that a URL needs."""
    return (
        permission(f"{name}_url", function, principal, action="lambda:InvokeFunctionUrl", function_url_auth_type=auth,
                   **more),
        permission(f"{name}_invoke", function, principal, invoked_via_function_url=True, **more),
    )  # fmt: skip


CONTROL = resource("aws_cloudfront_origin_access_control.lambda", name="lambda", id=UNKNOWN, signing_behavior="always",
                   origin_access_control_origin_type="lambda", signing_protocol="sigv4")  # fmt: skip


def distribution(name: str, *origins: dict[str, Any]) -> Resource:
    """A distribution; its origins are a set."""
    return resource(f"aws_cloudfront_distribution.{name}", enabled=True, id=UNKNOWN, arn=UNKNOWN, origin=[*origins])


def origin(url: str, name: str = "function", control: Any = None) -> dict[str, Any]:
    signs = after("aws_cloudfront_origin_access_control.lambda.id") if control is None else control
    domain = after(f"aws_lambda_function_url.{url}.function_url")
    return {"origin_id": name, "domain_name": domain, "origin_access_control_id": signs}


WEBSITE = {"origin_id": "site", "domain_name": "example.com", "origin_access_control_id": ""}


def graphql(name: str, function: Any = ORDERS_ARN, **more: Any) -> Resource:
    config = {"authorizer_uri": function, "authorizer_result_ttl_in_seconds": 300}
    return resource(f"aws_appsync_graphql_api.{name}", name=name, authentication_type="AWS_LAMBDA", arn=UNKNOWN,
                    id=UNKNOWN, lambda_authorizer_config=[config], **more)  # fmt: skip


def events(name: str, function: Any) -> Resource:
    provider = {"auth_type": "AWS_LAMBDA", "lambda_authorizer_config": [{"authorizer_uri": function}]}
    key = {"auth_type": "API_KEY", "lambda_authorizer_config": []}
    return resource(f"aws_appsync_api.{name}", name=name, api_arn=UNKNOWN, api_id=UNKNOWN,
                    event_config=[{"auth_provider": [key, provider]}])  # fmt: skip


PLANS: Plans = {
    "RC301/wired.pass": case(
        rest("shop"),
        integration("root", *of_new(), ORDERS_URI),
        permission("any", "orders", API, source_arn=None),
        http("web"),
        *route("web", "GET /orders", "web"),
        KEPT,
        rest("old", "a1b2c3d4e5"),
        resource("aws_api_gateway_resource.items", "no-op", path_part="items", rest_api_id=of_old()[0],
                 parent_id=of_old()[1], id=known("res1", expression=False), path=known("/items", expression=False)),
        integration("items", of_old()[0], known("res1", "aws_api_gateway_resource.items.id"), KEPT_URI),
        permission("items", "kept", API, source_arn=known(f"{EXECUTION}a1b2c3d4e5/*/GET/items",
                                                          "aws_api_gateway_rest_api.old.execution_arn")),
    ),
    "RC301/not_let_in.fail": case(
        rest("shop"),
        integration("root", *of_new(), ORDERS_URI),
        http("web"),
        *route("web", "GET /orders", "web"),
        permission("topic", "orders", "sns.amazonaws.com", source_arn=None),
        KEPT,
        rest("old", "a1b2c3d4e5"),
        integration("old", *of_old(), KEPT_URI),
        permission("another", "kept", API, source_arn=f"{EXECUTION}zzzzzzzzzz/*/*"),
        expect={
            "aws_api_gateway_integration.root": "admits sns.amazonaws.com only",
            "aws_apigatewayv2_integration.web": "admits sns.amazonaws.com only",
            "aws_api_gateway_integration.old": "zzzzzzzzzz/*/*, the request has",
        },
    ),
    "RC301/not_decided_here.unknown": case(
        rest("shop"),
        integration("root", *of_new(), ORDERS_URI),
        permission("shop", "orders", API, source_arn=after("aws_api_gateway_rest_api.shop.execution_arn")),
        rest("document", body=after("aws_lambda_function.orders.invoke_arn")),
        integration("composed", *of_new(), after("aws_lambda_function.orders.arn"), "POST", type="AWS"),
        expect={
            "aws_api_gateway_integration.root": "what follows aws_api_gateway_rest_api.shop.execution_arn",
            "aws_api_gateway_rest_api.document": "aws_api_gateway_rest_api.document.body is known only after apply",
            "aws_api_gateway_integration.composed": "what follows aws_lambda_function.orders.arn",
        },
    ),
    "RC302/wired.pass": case(
        rest("shop"),
        authorizer("token", of_new()[0]),
        permission("token", "orders", API, source_arn=None),
        KEPT,
        rest("old", "a1b2c3d4e5"),
        old_authorizer("kept", "auth01"),
        permission("kept", "kept", API, source_arn=f"{EXECUTION}a1b2c3d4e5/authorizers/auth01"),
    ),
    "RC302/not_let_in.fail": case(
        rest("shop"),
        authorizer("token", of_new()[0]),
        KEPT,
        rest("old", "a1b2c3d4e5"),
        old_authorizer("kept", "auth01"),
        permission("kept", "kept", API, source_arn=f"{EXECUTION}a1b2c3d4e5/authorizers/auth02"),
        expect={
            "aws_api_gateway_authorizer.token": "its policy has no statement",
            "aws_api_gateway_authorizer.kept": "authorizers/auth02, the request has",
        },
    ),
    "RC302/not_decided_here.unknown": case(
        rest("shop"),
        authorizer("token", of_new()[0]),
        permission("token", "orders", API, source_arn=after("aws_api_gateway_authorizer.token.id",
                                                            "aws_api_gateway_rest_api.shop.execution_arn")),
        authorizer("local", of_new()[0], after("local.uri")),
        expect={
            "aws_api_gateway_authorizer.token": "made of aws_api_gateway_authorizer.token.id and",
            "aws_api_gateway_authorizer.local": "made of local.uri",
        },
    ),
    "RC313/wired.pass": case(
        url("open", "NONE"),
        function("mail"),
        url("signed", "AWS_IAM", "mail"),
        *both("signed", "mail", "444455556666"),
        provider_version=">= 6.28, < 7.0",
    ),
    "RC313/not_let_in.fail": case(
        url("signed", "AWS_IAM"),
        permission("signed", "orders", "444455556666", action="lambda:InvokeFunctionUrl",
                   function_url_auth_type="AWS_IAM"),
        expect={"aws_lambda_function_url.signed": "take lambda:InvokeFunctionUrl but not lambda:InvokeFunction"},
    ),
    "RC313/not_decided_here.unknown": case(
        url("open", "NONE"),
        function("mail"),
        url("signed", "AWS_IAM", "mail"),
        function("stock"),
        url("either", after("local.auth"), "stock"),
        expect={
            "aws_lambda_function_url.open": "makes since 6.28.0",
            "aws_lambda_function_url.signed": "The policies of its callers decide",
            "aws_lambda_function_url.either": "Who may call the function URL is not known",
        },
    ),
    "RC315/wired.pass": case(
        CONTROL,
        url("orders", "AWS_IAM"),
        distribution("shop", WEBSITE, origin("orders")),
        *both("shop", "orders", "cloudfront.amazonaws.com", source_arn=after("aws_cloudfront_distribution.shop.arn")),
    ),
    "RC315/not_let_in.fail": case(
        CONTROL,
        url("orders", "AWS_IAM"),
        distribution("shop", origin("orders"), WEBSITE),
        distribution("other", WEBSITE),
        *both("other", "orders", "cloudfront.amazonaws.com", source_arn=after("aws_cloudfront_distribution.other.arn")),
        expect={"aws_cloudfront_distribution.shop": "distribution/<aws_cloudfront_distribution.other.id>, the request"},
    ),
    "RC315/not_decided_here.unknown": case(
        CONTROL,
        url("orders", "AWS_IAM"),
        distribution("shop", origin("orders")),
        *both("shop", "orders", "cloudfront.amazonaws.com", source_arn=after("local.distribution")),
        function("mail"),
        url("mail", "AWS_IAM", "mail"),
        distribution("mail", origin("mail", control=after("local.control"))),
        expect={"aws_cloudfront_distribution.shop": "made of local.distribution",
                "aws_cloudfront_distribution.mail": "whether its origin access control is for functions"},
    ),
    "RC316/wired.pass": case(
        graphql("shop"),
        permission("shop", "orders", "appsync.amazonaws.com", source_arn=after("aws_appsync_graphql_api.shop.arn")),
        function("mail"),
        events("mail", after("aws_lambda_function.mail.arn")),
        permission("mail", "mail", "appsync.amazonaws.com", source_arn=after("aws_appsync_api.mail.api_arn")),
    ),
    "RC316/not_let_in.fail": case(
        graphql("shop"),
        graphql("other", None),
        permission("sns", "orders", "sns.amazonaws.com", source_arn=None),
        function("mail"),
        events("mail", after("aws_lambda_function.mail.arn")),
        expect={"aws_appsync_graphql_api.shop": "admits sns.amazonaws.com only",
                "aws_appsync_api.mail": "its policy has no statement"},
    ),
    "RC316/not_decided_here.unknown": case(
        graphql("shop"),
        permission("shop", "orders", "appsync.amazonaws.com", source_arn=after("local.api")),
        expect={"aws_appsync_graphql_api.shop": "made of local.api"},
    ),
}  # fmt: skip
