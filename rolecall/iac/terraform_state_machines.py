"""The state machines of a Terraform configuration or plan, and what their definitions call.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from rolecall.iac.partial_document import parsed
from rolecall.iac.state_machine import Task, function_arn, tasks
from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import FUNCTION
from rolecall.iac.terraform_values import TerraformValues, split_template
from rolecall.iac.terraform_vertex import Vertex, root_folder
from rolecall.unknown import Text, Unknown, same_as, text

STATE_MACHINE = "aws_sfn_state_machine"
_DEFINITION = "definition"


class StateMachines:
    """Reads the state machines of one graph. documents: its reader of JSON in attributes, of policies or others."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues, documents: PolicyDocuments) -> None:
        self._graph, self._values, self._documents = graph, values, documents

    def tasks(self, vertex: Vertex) -> list[Task]:
        """What an ``aws_sfn_state_machine`` calls, by ARN where names can be completed to it."""
        place, names = self._values.place(vertex), self._names.get(root_folder(vertex), {})
        where = (place.partition, place.region, place.account)
        return [replace(t, function=function_arn(t.function, where, names)) for t in tasks(self.definition(vertex))]

    def definition(self, vertex: Vertex) -> Any:
        """The definition: an object whose references are values as of any other attribute, or ``Unknown``.

        Of ``templatefile`` and ``file`` it is not known.
        """
        document = self._documents.of(vertex, _DEFINITION)
        raw = self._graph.value(vertex, _DEFINITION)
        if isinstance(document, Mapping) or not isinstance(raw, str) or not raw.lstrip().startswith("{"):
            return document
        content = parsed(text(*(self._piece(vertex, *piece) for piece in split_template(raw))))
        return self._values.document(vertex, _DEFINITION, content) if isinstance(content, dict) else content

    def _piece(self, vertex: Vertex, kind: str, piece: str) -> Text:
        """Of a text that is JSON only with its references resolved: one that stands for a number, say."""
        return piece if kind == "text" else self._values.text(vertex, _DEFINITION, f"${{{piece}}}")

    @cached_property
    def _names(self) -> dict[str, dict[object, Text]]:
        """The ARNs of the functions by root module and name."""
        found: dict[str, dict[object, Text]] = {}
        for function in self._graph.of_type(FUNCTION):
            arn = self._values.attribute_of(function, "arn")
            of_root = found.setdefault(root_folder(function), {})
            for name in (
                name_of(self._values, function, "function_name"),
                self._values.attribute_of(function, "function_name"),
                self._values.attribute_of(function, "id"),
            ):
                key = same_as(name)
                of_root[key] = arn if of_root.get(key, arn) == arn else Unknown(f"several functions are called {name}")
        return found
