"""The CloudWatch alarms of a Terraform configuration.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import FUNCTION
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, blocks_of, root_folder
from rolecall.iac.wiring import UNSEEN_ALARM, metric_of_expression
from rolecall.model import Alarm, Metric, Resource
from rolecall.unknown import Text, Unknown, same_as

ALARM = "aws_cloudwatch_metric_alarm"
_QUERY = "metric_query"


def alarms(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex, Text, Text], Resource]
) -> Iterator[Alarm]:
    """The alarms of one graph. resource_of: makes the model's resource of a vertex, a name and an ARN."""
    reader = _Reader(graph, values)
    for vertex in graph.possible(ALARM):
        name, arn = name_of(values, vertex, "alarm_name"), values.attribute_of(vertex, "arn")
        made = None if graph.may_be_disabled(vertex) else True
        yield Alarm(resource_of(vertex, name, arn), tuple(reader.metrics(vertex)), made)
    for call in graph.unread_calls():
        unread = Unknown(f"the module {call.get('block_name_')} was not read")
        yield Alarm(replace(resource_of(call, UNSEEN_ALARM, unread), type="module"), (unread,), None)


class _Reader:
    def __init__(self, graph: TerraformGraph, values: TerraformValues) -> None:
        self._graph, self._values = graph, values
        self._names: dict[tuple[str, object], Text] = {}
        for function in graph.of_type(FUNCTION):
            name = name_of(values, function, "function_name")
            for spelled in (name, *(values.attribute_of(function, attribute) for attribute in ("function_name", "id"))):
                self._names[root_folder(function), same_as(spelled)] = name

    def metrics(self, vertex: Vertex) -> Iterator[Metric | Unknown]:
        """What an alarm watches: one metric, or those of its queries."""
        if not blocks_of(vertex, _QUERY):
            yield self._metric(vertex, "dimensions", {n: self._graph.value(vertex, n) for n in vertex}, "metric_name")
        for query in blocks_of(vertex, _QUERY):
            if isinstance(query, Unknown):
                yield query
                continue
            for metric in blocks_of(query, "metric"):
                elsewhere = query.get("account_id")
                if isinstance(metric, Unknown) or elsewhere:
                    yield metric if isinstance(metric, Unknown) else Unknown("it is a metric of another account")
                else:
                    yield self._metric(vertex, _QUERY, metric, "metric_name")
            if query.get("expression"):
                yield from metric_of_expression(self._values.text(vertex, _QUERY, query["expression"]))

    def _metric(self, vertex: Vertex, attribute: str, given: Mapping[str, Any], name: str) -> Metric:
        """attribute: whose references lead to what the dimensions name."""
        texts = {}
        for member in ("namespace", name):
            value = given.get(member)
            at = attribute if attribute == _QUERY else member
            texts[member] = Unknown(f"{member} is missing") if value is None else self._values.text(vertex, at, value)
        return Metric(texts["namespace"], texts[name], self._dimensions(vertex, attribute, given.get("dimensions")))

    def _dimensions(self, vertex: Vertex, attribute: str, value: Any) -> Mapping[str, Text] | Unknown:
        if value is None:
            return {}
        if not isinstance(value, dict) or not value:  # Checkov makes an empty one of a variable without a default
            return value if isinstance(value, Unknown) else Unknown("dimensions are known only when Terraform runs")
        texts = {str(name): self._values.text(vertex, attribute, item) for name, item in value.items()}
        root = root_folder(vertex)
        found = {name: self._names.get((root, same_as(item)), item) for name, item in texts.items()}
        behind = [
            target for target in self._graph.targets(vertex, attribute) if target.get("resource_type") == FUNCTION
        ]
        if len(behind) == 1 and (root, same_as(found.get("FunctionName", ""))) in self._names:
            # Of a module that is called several times, Checkov renders the outputs of its first call.
            found["FunctionName"] = name_of(self._values, behind[0], "function_name")
        return found
