"""Finds what is wired to call functions in a Terraform configuration, by the rows of ``terraform_invoker_rows``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from rolecall.iac.role_calls import Call, Properties
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_invoker_rows import ROWS, Row, required
from rolecall.iac.terraform_state_machines import StateMachines
from rolecall.iac.terraform_values import MAX_DEPTH, TerraformValues
from rolecall.iac.terraform_vertex import Vertex, blocks_of
from rolecall.iac.wiring import json_member, may_be_function, source_name
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, text


def invokers(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource], machines: StateMachines
) -> Iterator[Invoker]:
    """The invokers of one graph. resource_of: makes the model's resource of a vertex. machines: its state machines."""
    for row in ROWS:
        for vertex in graph.of_type(row.type):
            attribute, wanted = row.when
            if attribute and not row.block and values.get(vertex, attribute) != wanted:
                continue
            source, resource = row.source(values, vertex), resource_of(vertex)
            shown = f"{row.what} {_name(values, vertex, row) or source_name(source, str(vertex.get('__address__')))}"
            for call in _calls(graph, values, vertex, row, machines):
                if not row.mixed or may_be_function(call.function):
                    of = replace(resource, account=row.account) if row.account else resource
                    yield call.invoker(row.kind, shown, of, source)


def _calls(
    graph: TerraformGraph, values: TerraformValues, vertex: Vertex, row: Row, machines: StateMachines
) -> Iterator[Call]:
    if row.calls:
        yield from row.calls(_properties(graph, values, vertex, machines))
        return
    role = values.get(vertex, row.role) if row.role else None
    yield from (Call(function, role) for function in _functions(graph, values, vertex, row))


def _name(values: TerraformValues, vertex: Vertex, row: Row) -> str:
    """The name of a wiring for a reader; its address where only that is known; empty where the source has it."""
    name = values.get(vertex, row.name) if row.name else ""
    return name if isinstance(name, str) else str(vertex.get("__address__"))


def _properties(graph: TerraformGraph, values: TerraformValues, vertex: Vertex, machines: StateMachines) -> Properties:
    names = {name.replace("_", ""): name for name in vertex}

    def get(wanted: str) -> Any:
        attribute = names.get(wanted.lower(), "")
        if _is_dynamic(vertex, attribute):
            return _in_dynamic(attribute)
        return _resolved(values, vertex, attribute, graph.value(vertex, attribute)) if attribute else None

    def arn(function: Text, region: Text | None) -> Text:
        place = values.place(vertex)
        where = ("arn:", place.partition, ":lambda:", region or place.region, ":", place.account, ":function:")
        return function if str(function).startswith("arn:") else text(*where, function)

    return Properties(get, arn, lambda: machines.tasks(vertex))


def _resolved(values: TerraformValues, vertex: Vertex, attribute: str, value: Any, depth: int = 0) -> Any:
    """A value with the references in it resolved; JSON text is read as well."""
    if depth > MAX_DEPTH:
        return Unknown(f"{attribute} is nested too deeply")
    if isinstance(value, dict):
        inner = {key: _resolved(values, vertex, attribute, item, depth + 1) for key, item in value.items()}
        return inner | {key: _in_dynamic(key) for key in _dynamic_in(value)}
    if isinstance(value, list):
        return [_resolved(values, vertex, attribute, item, depth + 1) for item in value]
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return values.document(vertex, attribute, value)
    return None if value is None else values.text(vertex, attribute, value)


def _functions(graph: TerraformGraph, values: TerraformValues, vertex: Vertex, row: Row) -> Iterator[Text]:
    if row.block:
        yield from _in_blocks(values, vertex, row)
        return
    for name in row.function.split(","):
        first, *rest = name.split(".")
        value = graph.value(vertex, first)
        if rest or isinstance(value, list):
            found = list(_at(value, rest))
            yield from (values.text(vertex, first, item) for item in found if item)
        elif vertex.get(first) or not (row.optional or row.mixed):
            yield required(values, vertex, first)
        if rest and _is_dynamic(vertex, first):
            yield _in_dynamic(first)


def _in_blocks(values: TerraformValues, vertex: Vertex, row: Row) -> Iterator[Text]:
    attribute, wanted = row.when
    for block in blocks_of(vertex, row.block):
        if isinstance(block, Unknown):
            yield block
            continue
        if attribute and block.get(attribute) != wanted:
            continue
        named = [item for name in row.function.split(",") for item in _at(block, name.split("."))]
        given = [values.text(vertex, row.block, item) for item in named if item]
        yield from given if given or row.optional else [Unknown(f"{row.function} is missing")]


def _at(value: Any, path: list[str], depth: int = 0) -> Iterator[Any]:
    """What is found at a path through blocks, each of which may be there several times; JSON text is read as well."""
    if depth > MAX_DEPTH:
        yield Unknown("nested too deeply")
    elif isinstance(value, list):
        for item in value:
            yield from _at(item, path, depth + 1)
    elif not path:
        yield value
    elif isinstance(value, dict):
        if _is_dynamic(value, path[0]):
            yield _in_dynamic(path[0])
        yield from _at(value.get(path[0]), path[1:], depth + 1)
    elif isinstance(value, Unknown):
        yield value
    elif isinstance(value, str) and len(path) == 1:
        yield json_member(value, path[0])


def _is_dynamic(holder: Vertex, block: str) -> bool:
    return block in _dynamic_in(holder)


def _dynamic_in(holder: Vertex) -> set[str]:
    """The names of the dynamic blocks of a holder."""
    dynamic = holder.get("dynamic")
    listed = dynamic if isinstance(dynamic, list) else [dynamic]
    return {str(name) for item in listed if isinstance(item, dict) for name in item}


def _in_dynamic(block: str) -> Unknown:
    return Unknown(f"a dynamic {block} block is known only when Terraform runs")
