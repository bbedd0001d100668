"""API Gateway, function URLs and what else the cases of RC301 to RC315 do not show: odd documents, URIs, versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rolecall.iac import openapi
from rolecall.iac.api_gateway import Api, function_called, route_invoker
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_providers import least_version
from rolecall.iam.match import match
from rolecall.model import Resource
from rolecall.unknown import Identifier, Segment, Text, Tri, Unknown, parts_of, text

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
STAGE, SHOP, OTHER = Segment("the stage"), Identifier("made", "shop"), Identifier("made", "other")
PARTITION = Unknown("the partition", "AWS::Partition")


@pytest.mark.parametrize(
    ("uri", "function"),
    [
        (f"{URI}{FUNCTION}/invocations", FUNCTION),
        (f"{URI}{FUNCTION}:live/invocations", f"{FUNCTION}:live"),
        (
            f"arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/{FUNCTION}/response-streaming-invocations",
            FUNCTION,
        ),
        (FUNCTION, FUNCTION),
        (text("arn:", PARTITION, URI.removeprefix("arn:aws"), FUNCTION, "/invocations"), FUNCTION),
        ("arn:aws:apigateway:eu-west-1:sqs:path/111122223333/orders", None),
        ("https://example.com/functions/x", None),
    ],
)
def test_function_in_a_uri(uri: Text, function: Text | None) -> None:
    assert function_called(uri, only_functions=True) == function


def test_a_uri_that_is_not_known_is_one_of_a_function_where_nothing_else_can_be_called() -> None:
    given = Unknown("var.uri has no known value")
    assert function_called(given, only_functions=True) == given
    assert function_called(given, only_functions=False) is None


@pytest.mark.parametrize("written", ["${stageVariables.fn}", "$${stageVariables.fn}"])
def test_what_a_stage_variable_names_is_not_known(written: str) -> None:
    called = function_called(f"{URI}{FUNCTION}:{written}/invocations", only_functions=True)
    assert called is not None
    assert [str(part) for part in parts_of(called)] == [f"{FUNCTION}:", "<a stage variable names it>"]


@pytest.mark.parametrize(
    ("key", "tail"),
    [("$default", "$default"), ("$connect", "$connect"), ("GET /", "GET/"), ("GET /pets/{id}", "GET/pets/{id}")],
)
def test_the_source_of_a_route(key: str, tail: str) -> None:
    resource = Resource("terraform", "aws_apigatewayv2_integration", "i", "i", "", "", "")
    made = route_invoker(Api("arn", ("live", "test"), rest=False), resource, FUNCTION, key)
    assert made.calls == (("on stage live", f"arn/live/{tail}"), ("on stage test", f"arn/test/{tail}"))


ODD: list[Any] = [None, "text", 3, [], {}, [{}], {"$ref": 3}, {"$ref": "#/paths"}, {"$ref": "elsewhere.yaml"}]


@pytest.mark.parametrize("odd", [*ODD, Unknown("not known")])
def test_odd_documents_do_no_harm(odd: Any) -> None:
    documents = [
        odd,
        {"paths": odd, "securityDefinitions": odd, "components": odd},
        {"paths": {"/": odd}, "components": {"securitySchemes": odd}},
        {"paths": {"/": {"get": odd}}, "securityDefinitions": {"a": odd}},
        {"paths": {"/": {"get": {"x-amazon-apigateway-integration": odd}}}},
        {"securityDefinitions": {"a": {"x-amazon-apigateway-authorizer": odd}}},
    ]
    for document in documents:
        assert [operation.uri for operation in openapi.operations(document)] in ([], [None])
        assert list(openapi.authorizers(document)) == []


def test_references_that_lead_in_a_circle_end() -> None:
    circle = {"$ref": "#/paths/~1"}
    assert list(openapi.operations({"paths": {"/": circle}})) == []


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        # A stage has no slash: three stars do not cover $default, which stands right behind it.
        ((SHOP, "/*/*/*"), text(SHOP, "/", STAGE, "/$default"), False),
        ((SHOP, "/*/*"), text(SHOP, "/", STAGE, "/$default"), True),
        (("*/*/*/*"), text(SHOP, "/", STAGE, "/$default"), False),
        ((SHOP, "/live/*"), text(SHOP, "/", STAGE, "/$default"), None),
        # What is the same at the beginning decides nothing; what follows it does.
        ((SHOP, "/test/*"), text(SHOP, "/live/GET/"), False),
        # Two IDs that AWS makes are never the same, an ID and what somebody writes may be.
        ((OTHER, "/*"), text(SHOP, "/", STAGE, "/GET/"), False),
        (("abc123/*",), text(SHOP, "/", STAGE, "/GET/"), None),
        (("*", OTHER, "/*"), text(SHOP, "/", STAGE, "/GET/"), None),
        ((Unknown("not known", "given"), "/*"), text(SHOP, "/", STAGE, "/GET/"), None),
        ((SHOP, "/authorizers/", OTHER), text(SHOP, "/", STAGE, "/GET/", Unknown("a variable")), False),
        ((SHOP, "/authorizers/", OTHER), text(SHOP, "/", STAGE, "/", Unknown("a variable")), None),
        ((SHOP, ":*"), text(OTHER, ":*"), False),
        ((SHOP, "-*"), text(OTHER, "-a"), None),
    ],
)
def test_ids_and_what_stands_between_slashes(pattern: Any, value: Text, matches: Tri) -> None:
    assert match(pattern if isinstance(pattern, tuple) else (pattern,), value) is matches


class Graph:
    """As much of a graph as has the ``terraform`` blocks of a root module."""

    def __init__(self, *constraints: Any) -> None:
        self._blocks = [
            {
                "block_type_": "terraform",
                "file_path_": "root/main.tf",
                "config_": {"required_providers": [{"aws": given}]},
            }
            for given in constraints
        ]

    def nodes(self) -> list[Any]:
        return list(enumerate(self._blocks))

    def weighted_edge_list(self) -> list[Any]:
        return []


@pytest.mark.parametrize(
    ("constraints", "least"),
    [
        (["~> 6.28"], (6, 28)),
        ([[{"version": ">= 5.0, < 7.0"}], {"version": ">= 6.30.1"}], (6, 30, 1)),
        (["6.29.0"], (6, 29, 0)),
        (["< 7.0", "!= 6.28", "<= 6.40"], ()),
        ([None, 3, [], {"version": ["x"]}], ()),
    ],
)
def test_the_lowest_version_of_the_provider(constraints: list[Any], least: tuple[int, ...]) -> None:
    assert least_version(TerraformGraph(Graph(*constraints)), "root") == least


def test_the_lock_file_decides(tmp_path: Path) -> None:
    (tmp_path / ".terraform.lock.hcl").write_text(
        'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "6.31.0"\n  constraints = ">= 5.0"\n}\n'
    )
    assert least_version(TerraformGraph(Graph()), str(tmp_path)) == (6, 31, 0)
