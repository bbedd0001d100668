"""The tags of a Terraform resource: its own, and those that its provider gives every resource.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex
from rolecall.unknown import Text, Unknown


def tags_of(graph: TerraformGraph, values: TerraformValues, vertex: Vertex) -> dict[str, Any]:
    """``tags`` and ``more_tags`` of a resource: the tags that are known, and why it may have others."""
    address = vertex.get("__address__")
    own = _known(values, vertex, "tags", graph.value(vertex, "tags"))
    block = values.provider(vertex)
    given = block.get("default_tags")
    default = _known(values, block, "default_tags", given.get("tags") if isinstance(given, dict) else given)
    why = None
    if own is None:
        why = Unknown(f"the tags of {address} are known only when Terraform runs")
    elif graph.may_get_more(vertex, "tags"):
        why = Unknown(f"a variable may add to the tags of {address}")
    elif default is None:
        why = Unknown(f"the default_tags of the provider of {address} are known only when Terraform runs")
    return {"tags": {**(default or {}), **(own or {})} if own or default or not why else why, "more_tags": why}


def _known(values: TerraformValues, vertex: Vertex, attribute: str, given: Any) -> Mapping[str, Text] | None:
    """Tags by key; ``None`` where they are not known. An empty map is what Checkov makes of a variable without one."""
    if given is None:
        return {}
    if not isinstance(given, dict) or not given or not all(isinstance(key, str) for key in given):
        return None
    return {key: values.text(vertex, attribute, value) for key, value in given.items()}
