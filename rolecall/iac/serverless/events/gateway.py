"""What the interfaces of API Gateway have in common.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html
"""

from __future__ import annotations

from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function
from rolecall.iac.serverless.stack import Stack, arn
from rolecall.unknown import Unknown

GATEWAY = "apigateway.amazonaws.com"


def uri(target: Any, version: str = "2015-03-31", ending: str = "/invocations") -> dict[str, Any]:
    """The URI with which API Gateway calls a function. target: its ARN, or the pieces of that."""
    pieces = target if isinstance(target, list) else [target]
    return arn(":apigateway:", {"Ref": "AWS::Region"}, f":lambda:path/{version}/functions/", *pieces, ending)


def words(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else []


def undecided(given: Unknown) -> dict[str, Any]:
    """The authorization of what authorizes nobody knows how."""
    return {"AuthorizationType": given, "AuthorizerId": given}


def named_function(stack: Stack, name: Any) -> tuple[Function | None, Any]:
    """The function of the service that an authorizer names, and what is called of it."""
    called = names.plain(name)
    callee = stack.service.by_key.get(called)
    return callee, callee.target if callee else Unknown(f"{called} is no function of this service")
