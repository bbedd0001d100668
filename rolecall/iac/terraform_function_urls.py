"""Function URLs in a Terraform configuration, and the CloudFront distributions that call them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rolecall.iac.function_urls import UNKNOWN_CONTROL, origin_invoker, url_invoker
from rolecall.iac.terraform_arns import regional
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, is_disabled
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, text

URL, _DISTRIBUTION = "aws_lambda_function_url", "aws_cloudfront_distribution"
_CONTROL = "aws_cloudfront_origin_access_control"


def invokers(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource]
) -> Iterator[Invoker]:
    """The invokers of one graph. resource_of: makes the model's resource of a vertex."""
    for url in graph.of_type(URL):
        yield url_invoker(resource_of(url), called_function(values, url), auth_type(values, url))
    for vertex in graph.of_type(_DISTRIBUTION):
        for label in _origins(vertex):
            called = _url_behind(graph, vertex, f"{label}.domain_name")
            signs = called is not None and _signs_for_lambda(graph, values, vertex, f"{label}.origin_access_control_id")
            if called is not None and signs is not False:
                name, source = str(vertex.get("__address__")), values.attribute_of(vertex, "arn")
                function, doubt = called_function(values, called), "" if signs else UNKNOWN_CONTROL
                yield origin_invoker(resource_of(vertex), name, function, source, auth_type(values, called), doubt)


def called_function(values: TerraformValues, url: Vertex) -> Text:
    """The ARN of the function behind a URL, with the alias if the URL is one of an alias."""
    given = values.get(url, "function_name") or Unknown("function_name is missing")
    qualifier = values.get(url, "qualifier")
    if not str(given).startswith("arn:"):
        given = regional(values, url, "lambda", text("function:", given))
    return text(given, ":", qualifier) if qualifier else given


def auth_type(values: TerraformValues, url: Vertex) -> Text:
    return values.get(url, "authorization_type") or Unknown("authorization_type is missing")


def _origins(vertex: Vertex) -> Iterator[str]:
    """The attributes under which Checkov has the origins of a distribution."""
    origins = vertex.get("origin")
    if isinstance(origins, list):
        yield from (f"origin.{number}" for number in range(len(origins)))
    elif isinstance(origins, dict):
        yield "origin"


def _url_behind(graph: TerraformGraph, vertex: Vertex, label: str) -> Vertex | None:
    """The one function URL of which the origin's domain is made, whatever cuts the host out of it."""
    targets = graph.targets(vertex, label)
    is_url = len(targets) == 1 and targets[0].get("resource_type") == URL and not is_disabled(targets[0])
    return targets[0] if is_url else None


def _signs_for_lambda(graph: TerraformGraph, values: TerraformValues, vertex: Vertex, label: str) -> bool | None:
    """Whether an origin has an access control for functions that signs; ``None`` when that cannot be told."""
    controls = [t for t in graph.targets(vertex, label) if t.get("resource_type") == _CONTROL]
    if not controls:
        return None if graph.value(vertex, label) or vertex.get(label) else False
    if len(controls) > 1:
        return None
    kind = values.get(controls[0], "origin_access_control_origin_type")
    signing = values.get(controls[0], "signing_behavior")
    if isinstance(kind, Unknown) or isinstance(signing, Unknown):
        return None
    return kind == "lambda" and signing != "never"
