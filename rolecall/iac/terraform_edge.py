"""Which functions the CloudFront distributions of a Terraform configuration run.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_distribution
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import References
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, blocks_of, key_of, root_folder
from rolecall.unknown import Unknown

_BEHAVIORS = ("default_cache_behavior", "ordered_cache_behavior")
_ASSOCIATION = "lambda_function_association"


class EdgeFunctions:
    """The functions of one graph that run at the edge."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues, references: References) -> None:
        self._graph, self._values, self._references = graph, values, references
        self._certain: set[str] = set()
        self._possible: dict[str, Unknown] = {}  # by key of the function
        self._any: dict[str, Unknown] = {}  # by root folder: whichever function it is
        for vertex in graph.of_type("aws_cloudfront_distribution"):
            for path, association in _associations(vertex):
                self._read(vertex, path, association)

    def of(self, function: Vertex) -> bool | Unknown:
        """Whether CloudFront runs a function."""
        key = key_of(function)
        if key in self._certain:
            return True
        return self._possible.get(key) or self._any.get(root_folder(function)) or False

    def _read(self, vertex: Vertex, path: str, association: dict[str, Any] | Unknown) -> None:
        behind = self._references.functions_behind(vertex, path)
        given = association if isinstance(association, Unknown) else association.get("lambda_arn")
        arn = self._values.text(vertex, path, given)
        named = self._references.function_named(vertex, arn)
        why = Unknown(f"{arn.reason}, in {path} of {vertex.get('__address__')}" if isinstance(arn, Unknown) else "")
        if isinstance(arn, str) and named is not None:
            self._certain.add(key_of(named))
        elif len(behind) == 1 and not isinstance(association, Unknown):
            self._certain.add(key_of(behind[0]))
        elif behind:
            self._possible |= {key_of(function): why for function in behind}
        elif isinstance(arn, Unknown) and not self._certain_of_all(vertex, path):
            self._any[root_folder(vertex)] = why

    def _certain_of_all(self, vertex: Vertex, path: str) -> bool:
        """Whether all associations of a behavior are told, though not which is which: a plan keeps them as a set."""
        behavior = path.partition(f".{_ASSOCIATION}")[0]
        behind = self._references.functions_behind(vertex, behavior)
        told = bool(behind) and len(behind) == sum(
            given.startswith(f"{behavior}.") for given, _ in _associations(vertex)
        )
        self._certain.update(key_of(function) for function in behind if told)
        return told


def _associations(vertex: Vertex) -> Iterator[tuple[str, dict[str, Any] | Unknown]]:
    """The associations of a distribution, each with the path to it; ``Unknown`` for those that cannot be read."""
    for name in _BEHAVIORS:
        for path, behavior in _numbered(vertex, name, name):
            if isinstance(behavior, Unknown):
                yield path, behavior
            else:
                yield from _numbered(behavior, _ASSOCIATION, f"{path}.{_ASSOCIATION}", dynamic=path)


def _numbered(
    block: dict[str, Any], name: str, path: str, dynamic: str = ""
) -> Iterator[tuple[str, dict[str, Any] | Unknown]]:
    """The blocks of a name with their paths. dynamic: the path of what is in a dynamic one, if it is another."""
    several = isinstance(block.get(name), list)
    for number, inner in enumerate(blocks_of(block, name)):
        if isinstance(inner, Unknown):
            yield dynamic or path, inner
        else:
            yield (f"{path}.{number}" if several else path), inner
