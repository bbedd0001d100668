"""The integrations and Lambda authorizers of an OpenAPI document with API Gateway's extensions, versions 2 and 3.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.unknown import Text, Unknown

_METHODS = ("delete", "get", "head", "options", "patch", "post", "put")
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION, _AUTHORIZER = "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"
_MOST_STEPS = 8  # references that lead to references


@dataclass(frozen=True)
class Operation:
    """One method of one path with its integration. method: in capitals, ``ANY`` for all that have none of their own."""

    method: str
    path: str
    type: Text | None
    uri: Text | None
    subtype: Text | None
    credentials: Text | None


@dataclass(frozen=True)
class Authorizer:
    """A Lambda authorizer by the name of its security scheme."""

    name: str
    uri: Text
    credentials: Text | None


def operations(document: Any) -> Iterator[Operation]:
    """The operations that have an integration; none where the document is not known."""
    for path, item in _items(_at(document, "paths")):
        methods = _resolved(document, item)
        for method in (*_METHODS, _ANY):
            operation = _resolved(document, methods.get(method))
            integration = _resolved(document, operation.get(_INTEGRATION))
            if integration:
                yield Operation(
                    method="ANY" if method == _ANY else method.upper(),
                    path=path,
                    type=_text(integration.get("type")),
                    uri=_text(integration.get("uri")),
                    subtype=_text(integration.get("integrationSubtype")),
                    credentials=_text(integration.get("credentials")),
                )


def authorizers(document: Any) -> Iterator[Authorizer]:
    """The authorizers that call a function: those with a URI."""
    schemes = [_at(document, "securityDefinitions"), _at(document, "components", "securitySchemes")]
    for name, scheme in (pair for mapping in schemes for pair in _items(mapping)):
        authorizer = _resolved(document, _resolved(document, scheme).get(_AUTHORIZER))
        uri = _text(authorizer.get("authorizerUri"))
        if uri is not None:
            yield Authorizer(name, uri, _text(authorizer.get("authorizerCredentials")))


def _resolved(document: Any, value: Any) -> Mapping[str, Any]:
    """A mapping, or what its ``$ref`` leads to in the document; empty when it is none."""
    for _ in range(_MOST_STEPS):
        reference = value.get("$ref") if isinstance(value, Mapping) else None
        if not isinstance(reference, str):
            break
        steps = reference.removeprefix("#/").split("/") if reference.startswith("#/") else ["", ""]
        value = _at(document, *(step.replace("~1", "/").replace("~0", "~") for step in steps))
    return value if isinstance(value, Mapping) else {}


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    for name, item in value.items() if isinstance(value, Mapping) else ():
        yield str(name), item


def _text(value: Any) -> Text | None:
    return value if isinstance(value, (str, Unknown)) and value != "" else None
