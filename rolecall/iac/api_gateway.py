"""How API Gateway calls functions: what an integration's URI means, and what the API presents as ``aws:SourceArn``.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/ arn-format-reference.html (the URIs, and
``arn:P:execute-api:R:A:API/STAGE/METHOD/PATH``), apigateway-websocket-control-access-iam.html (``API/STAGE/ROUTE``) and
http-api-lambda-authorizer.html (``API/authorizers/ID``). What the pages leave open is known from reports: the method
that is called takes the place of ANY (aws/serverless-application-model issue 296), a REST API does not present ``{id}``
for a variable in the path (issue 110), and ``$default`` stands right behind the stage (issue 1860).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolecall.iac.openapi import Authorizer, Operation
from rolecall.iac.wiring import may_be_function
from rolecall.model import Invoker, Resource
from rolecall.unknown import Segment, Text, Unknown, named, parts_of, text

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_FUNCTIONS, _SUFFIXES = "functions/", ("/invocations", "/response-streaming-invocations")
_TARGET = "integrations/"
_STAGE_VARIABLE = re.compile(r"\$?\$\{stageVariables\.[^{}]{1,128}\}", re.ASCII)
_VARIABLE = re.compile(r"\{[^{}]{1,256}\}")
_ROUTE = re.compile(r"([A-Z]+) (/.*)", re.DOTALL)
_ANY_STAGE = Segment("the stage that is called is not known")


@dataclass(frozen=True)
class Api:
    """An API. arn: ``arn:P:execute-api:R:A:ID``. stages: all of its stages; empty where they are not known.

    rest: whether it is a REST API.
    """

    arn: Text
    stages: tuple[Text, ...]
    rest: bool


def function_called(uri: Text, *, only_functions: bool) -> Text | None:
    """The ARN of the function that an integration's URI calls; ``None`` when it calls something else.

    only_functions: whether its type calls functions alone, so that a URI that is not known is one of a function.
    """
    pieces = parts_of(uri)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and _FUNCTIONS in piece and "lambda" in f"{pieces[0]}{piece}":
            last = text(piece.partition(_FUNCTIONS)[2], *pieces[at + 1 :])
            return _stage_variables_unknown(_without_suffix(last))
    if may_be_function(uri):
        return _stage_variables_unknown(uri)
    return uri if only_functions and isinstance(pieces[0], Unknown) else None


def _without_suffix(uri: Text) -> Text:
    *before, last = parts_of(uri)
    for suffix in _SUFFIXES:
        if isinstance(last, str):
            last = last.removesuffix(suffix)
    return text(*before, last)


def _stage_variables_unknown(arn: Text) -> Text:
    """What ``${stageVariables.name}`` stands for is set for each stage."""
    return _replaced(_STAGE_VARIABLE, arn, "a stage variable names it")


def _replaced(pattern: re.Pattern[str], given: Text, reason: str) -> Text:
    """A text with what a pattern finds in it made unknown."""
    pieces: list[Text] = []
    for piece in parts_of(given):
        position = 0
        for found in pattern.finditer(piece) if isinstance(piece, str) else ():
            pieces += [str(piece)[position : found.start()], Unknown(reason)]
            position = found.end()
        pieces.append(piece[position:] if isinstance(piece, str) else piece)
    return text(*pieces)


def integration_of(target: Text) -> Text:
    """The ID of the integration that a route's target names (``integrations/ID``)."""
    first, *rest = parts_of(target)
    return text(first.removeprefix(_TARGET), *rest) if isinstance(first, str) else target


def method_invoker(
    api: Api, resource: Resource, function: Text, method: Text, path: Text, role: Text | None = None
) -> Invoker:
    """The wiring of one method (``ANY``: all of them) of a path to a function."""
    any_method = method == "ANY"
    if api.rest and isinstance(path, str):  # whose resources have no slash at their end
        path = path.rstrip("/") or "/"
    pieces = parts_of(_replaced(_VARIABLE, path, "a variable"))
    pattern = text("*" if any_method else method, *("*" if isinstance(piece, Unknown) else piece for piece in pieces))
    where = f"{method if isinstance(method, str) else 'of some method'} {path if isinstance(path, str) else ''}".strip()
    if api.rest:
        called: Text = _replaced(_VARIABLE, path, "the value of a variable in the path")
        tails = [(named(each), text(each, called)) for each in (METHODS if any_method else (method,))]
    else:  # whether it presents ANY or the method that is called is not documented
        tails = [("", text(Segment("any method may be called") if any_method else method, path))]
    return _invoker(api, resource, function, f"The {'method' if api.rest else 'route'} {where}", pattern, tails, role)


def route_invoker(api: Api, resource: Resource, function: Text, key: Text, role: Text | None = None) -> Invoker:
    """The wiring of a route of an HTTP or WebSocket API to a function. key: ``GET /pets``, ``$default``, ``chat``."""
    found = _ROUTE.fullmatch(key) if isinstance(key, str) else None
    if found:
        return method_invoker(api, resource, function, found[1], found[2], role)
    shown = key if isinstance(key, str) else "of this integration"
    pattern = key if isinstance(key, str) else "*"
    tail = text(*_route_parts(key)) if isinstance(key, Unknown) else key
    return _invoker(api, resource, function, f"The route {shown}", pattern, [("", tail)], role)


def _route_parts(key: Text) -> Iterator[Text]:
    """A route key as the source ARN has it: a slash, not a blank, stands between method and path."""
    for piece in parts_of(key):
        yield piece.replace(" /", "/") if isinstance(piece, str) else piece


def authorizer_invoker(
    api: Api, resource: Resource, function: Text, name: str, identifier: Text, role: Text | None = None
) -> Invoker:
    """The wiring of a Lambda authorizer, which is called for the API as a whole."""
    source = text(api.arn, "/authorizers/", identifier)
    return Invoker("api_gateway_authorizer", resource, f"The authorizer {name}", function, source, role)


def document_invokers(
    api: Api, resource: Resource, operations: Iterable[Operation], authorizers: Iterable[Authorizer], prefix: Text = ""
) -> Iterator[Invoker]:
    """The wirings in an OpenAPI document. prefix: what stands before its paths."""
    for operation in operations:
        function = integrated(operation.type, operation.uri, operation.subtype)
        if function is not None:
            if operation.path == "/$default":
                yield route_invoker(api, resource, function, "$default", operation.credentials)
            else:
                path = text(prefix, operation.path)
                yield method_invoker(api, resource, function, operation.method, path, operation.credentials)
    for authorizer in authorizers:
        called = function_called(authorizer.uri, only_functions=True)
        if called is not None:
            identifier = Segment("the ID of the authorizer is known only when it is made")
            yield authorizer_invoker(api, resource, called, authorizer.name, identifier, authorizer.credentials)


def integrated(kind: Text | None, uri: Text | None, subtype: Text | None = None) -> Text | None:
    """The function that an integration calls. kind: its type. subtype: the action of another service, if it has one."""
    if uri is None or subtype is not None or not isinstance(kind, str) or kind.upper() not in ("AWS", "AWS_PROXY"):
        return None
    return function_called(uri, only_functions=kind.upper() == "AWS_PROXY")


def _invoker(
    api: Api,
    resource: Resource,
    function: Text,
    what: str,
    pattern: Text,
    tails: Iterable[tuple[str, Text]],
    role: Text | None,
) -> Invoker:
    stages = api.stages or (_ANY_STAGE,)
    calls = tuple(
        (" ".join(filter(None, [name, f"on stage {stage}" if len(stages) > 1 else ""])),
         text(api.arn, "/", stage, "/", tail))
        for stage in stages for name, tail in tails
    )  # fmt: skip
    return Invoker("api_gateway", resource, what, function, text(api.arn, "/*/", pattern), role, calls)
