"""What the AWS provider composes for API Gateway, function URLs and CloudFront, for references to it.

Source: the pages of the resources at https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rolecall.iac.terraform_arns import Compose, alias_arn, function_arn, name_of, regional
from rolecall.iac.terraform_vertex import Vertex
from rolecall.unknown import Text, Unknown, text

if TYPE_CHECKING:
    from rolecall.iac.terraform_values import TerraformValues

_DEEPEST = 40
_OF_METHOD = ("aws_api_gateway_method", "aws_api_gateway_integration")
_VARIABLE = re.compile(r"\{[\w.-]{1,256}\+?\}", re.ASCII)
_INVOCATIONS, _STREAMING = ("2015-03-31", "invocations"), ("2021-11-15", "response-streaming-invocations")


# resources of which AWS makes the ID, and the attribute that holds it
WITH_ID = frozenset({
    *((kind, "id") for kind in (
        "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_api_gateway_authorizer", "aws_apigatewayv2_authorizer",
        "aws_appsync_graphql_api", "aws_cloudfront_distribution", "aws_cognito_user_pool", "aws_connect_instance",
        "aws_efs_access_point", "aws_efs_file_system", "aws_transfer_server", "aws_vpclattice_target_group",
    )),
    ("aws_appsync_api", "api_id"), ("aws_bedrockagent_agent", "agent_id"), ("aws_config_config_rule", "rule_id"),
    ("aws_kms_key", "key_id"), ("aws_mq_broker", "id"), ("aws_msk_cluster", "cluster_uuid"),
    ("aws_msk_serverless_cluster", "cluster_uuid"),
})  # fmt: skip


def invoke_arn(values: TerraformValues, vertex: Vertex, function: Text, form: tuple[str, str] = _INVOCATIONS) -> Text:
    """The URI for API Gateway that calls a function. form: version of the API and what is called there."""
    place = values.place(vertex)
    version, called = form
    where = text("arn:", place.partition, ":apigateway:", place.region, f":lambda:path/{version}/functions/")
    return text(where, function, f"/{called}")


def version_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """The ARN of a function with the number of the version that Terraform has published last."""
    return text(function_arn(values, vertex), ":", values.of(vertex, "version"))


def execution_arn(values: TerraformValues, vertex: Vertex, api: Text | None = None) -> Text:
    """``arn:P:execute-api:R:A:ID`` of an API. api: its ID; the vertex's own when left out."""
    return regional(values, vertex, "execute-api", api or values.of(vertex, "id"))


def resource_path(values: TerraformValues, vertex: Vertex, depth: int = 0) -> Text:
    """The path of an ``aws_api_gateway_resource``: its part behind that of the one above."""
    above = path_at(values, vertex, "parent_id", depth)
    written = vertex.get("path_part")
    if isinstance(written, str) and _VARIABLE.fullmatch(written):  # which else looks like a map
        part: Text = written
    else:
        part = values.get(vertex, "path_part") or Unknown("path_part is missing")
    return text("" if above == "/" else above, "/", part)


def path_at(values: TerraformValues, vertex: Vertex, attribute: str, depth: int = 0) -> Text:
    """The path of the API resource whose ID an attribute gives; ``/`` for the root."""
    target = values.target(vertex, attribute)
    kind = str(target.get("resource_type")) if target else ""
    if kind.endswith("aws_api_gateway_rest_api"):
        return "/"
    if target and kind in _OF_METHOD and depth < _DEEPEST:
        return path_at(values, target, "resource_id", depth + 1)
    if target and kind == "data.aws_api_gateway_resource":
        return values.get(target, "path") or values.of(target, "path")
    if target and kind == "aws_api_gateway_resource" and depth < _DEEPEST:
        return resource_path(values, target, depth + 1)
    return Unknown("the path of the API's resource is not known")


def _given(attribute: str) -> Compose:
    """An attribute that the resource is given, for others that take it from there."""
    return lambda values, vertex: values.get(vertex, attribute) or values.of(vertex, attribute)


def _stage_arn(values: TerraformValues, vertex: Vertex) -> Text:
    old = vertex.get("resource_type") in ("aws_api_gateway_stage", "aws_api_gateway_deployment")
    api, name = ("rest_api_id", "stage_name") if old else ("api_id", "name")
    return text(execution_arn(values, vertex, values.get(vertex, api)), "/", values.get(vertex, name) or "")


API_COMPOSED: Mapping[tuple[str, str], Compose] = {
    ("aws_lambda_function", "qualified_arn"): version_arn,
    ("aws_lambda_function", "invoke_arn"): lambda values, vertex: invoke_arn(
        values, vertex, function_arn(values, vertex)
    ),
    ("aws_lambda_function", "qualified_invoke_arn"): lambda values, vertex: invoke_arn(
        values, vertex, version_arn(values, vertex)
    ),
    ("aws_lambda_function", "response_streaming_invoke_arn"): lambda values, vertex: invoke_arn(
        values, vertex, function_arn(values, vertex), _STREAMING
    ),
    ("aws_lambda_alias", "invoke_arn"): lambda values, vertex: invoke_arn(values, vertex, alias_arn(values, vertex)),
    ("aws_api_gateway_rest_api", "execution_arn"): execution_arn,
    ("aws_apigatewayv2_api", "execution_arn"): execution_arn,
    ("aws_api_gateway_stage", "execution_arn"): _stage_arn,
    ("aws_api_gateway_deployment", "execution_arn"): _stage_arn,
    ("aws_apigatewayv2_stage", "execution_arn"): _stage_arn,
    ("aws_apigatewayv2_stage", "id"): name_of,
    ("aws_api_gateway_resource", "path"): resource_path,
    **{(f"aws_api_gateway_{kind}", "rest_api_id"): _given("rest_api_id")
       for kind in ("deployment", "integration", "method", "resource", "stage")},
    **{(f"aws_api_gateway_{kind}", "http_method"): _given("http_method") for kind in ("integration", "method")},
    **{(f"aws_apigatewayv2_{kind}", "api_id"): _given("api_id") for kind in ("integration", "route", "stage")},
    ("aws_cloudfront_distribution", "arn"): lambda values, vertex: text(
        "arn:", values.place(vertex).partition, ":cloudfront::", values.place(vertex).account, ":distribution/",
        values.of(vertex, "id"),
    ),
}  # fmt: skip
