"""Which resource the source ARN of an ``aws_lambda_permission`` refers to."""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import reference_in, split_template
from rolecall.iac.terraform_vertex import Vertex, is_disabled, local_address
from rolecall.unknown import Unknown

_ATTRIBUTE = "source_arn"
# They say where the configuration is applied, and are no sources.
_PLACES = ("aws_caller_identity", "aws_region", "aws_partition")
_DATA_OF_PLACES = frozenset(f"data.{kind}" for kind in _PLACES)


def source_of(graph: TerraformGraph, permission: Vertex) -> str | Unknown | None:
    """The source's address; ``None`` when the ARN refers to what is certainly not declared.

    A data source counts as declared: Terraform stops when what it looks up is not there.
    """
    raw = graph.value(permission, _ATTRIBUTE)
    targets = [
        target for target in graph.targets(permission, _ATTRIBUTE) if target.get("resource_type") not in _DATA_OF_PLACES
    ]
    found = {local_address(target) for target in targets}
    if isinstance(raw, str) and any(
        address not in found and _doubt(graph, permission, address, name) is None for address, name in _references(raw)
    ):
        return None
    if targets:
        enabled = [str(target.get("__address__")) for target in targets if not is_disabled(target)]
        return enabled[0] if enabled else Unknown(f"{targets[0].get('__address__')} has count = 0")
    if isinstance(raw, Unknown):
        return raw
    if not isinstance(raw, str):
        return Unknown("it has no single value")
    doubts = [_doubt(graph, permission, address, name) for address, name in _references(raw)]
    return next((doubt for doubt in doubts if doubt), Unknown("it is written out, or comes from elsewhere"))


def _references(raw: str) -> Iterator[tuple[str, str]]:
    """Address and name of what is referred to, places aside."""
    for kind, piece in split_template(raw) if "${" in raw else [("expression", raw)]:
        found = reference_in(piece) if kind == "expression" else None
        if found and found["type"] not in _PLACES:
            yield found["address"], found["name"]


def _doubt(graph: TerraformGraph, permission: Vertex, address: str, name: str) -> Unknown | None:
    """Why it is not certain that an address to which no edge leads is declared nowhere."""
    if graph.declares(permission, address):
        return Unknown(f"which instance of {address} is meant cannot be told")
    if permission.get("rendering_breadcrumbs_", {}).get(_ATTRIBUTE):
        return Unknown(f"{address} belongs to another module")
    unread = graph.unread_file_with(permission, name)
    return Unknown(f"{address} may be declared in {unread}, which was not read") if unread else None
