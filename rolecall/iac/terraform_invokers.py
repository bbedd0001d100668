"""Finds what is wired to call functions in a Terraform configuration, by the rows of ``terraform_invoker_rows``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from rolecall.iac.terraform_graph import TerraformGraph, Vertex, blocks_of
from rolecall.iac.terraform_invoker_rows import ROWS, Row, required
from rolecall.iac.terraform_values import MAX_DEPTH, TerraformValues
from rolecall.iac.wiring import json_member, may_be_function, source_name
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown


def invokers(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource]
) -> Iterator[Invoker]:
    """The invokers of one graph. resource_of: makes the model's resource of a vertex."""
    for row in ROWS:
        for vertex in graph.of_type(row.type):
            attribute, wanted = row.when
            if attribute and not row.block and values.get(vertex, attribute) != wanted:
                continue
            source, resource = row.source(values, vertex), resource_of(vertex)
            for function in _functions(graph, values, vertex, row):
                if not row.mixed or may_be_function(function):
                    yield Invoker(
                        kind=row.kind,
                        resource=replace(resource, account=row.account) if row.account else resource,
                        what=f"{row.what} {source_name(source, str(vertex.get('__address__')))}",
                        function=function,
                        source_arn=source,
                        role=values.get(vertex, row.role) if row.role else None,
                    )


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
    dynamic = holder.get("dynamic")
    return any(
        isinstance(item, dict) and block in item for item in (dynamic if isinstance(dynamic, list) else [dynamic])
    )


def _in_dynamic(block: str) -> Unknown:
    return Unknown(f"a dynamic {block} block is known only when Terraform runs")
