"""A plan as the Terraform reader looks at a configuration: vertices with attributes, and what these refer to.

A value that is known only after apply is an ``AfterApply`` in the place of the value. Where the configuration shows
that it can only be an attribute of another resource, ``origin`` says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from rolecall.iac.plan import Instance, Plan, at
from rolecall.iac.plan_blocks import FILLED_IN, block_at, without_filled_in
from rolecall.iac.plan_configuration import Configuration, references_in, steps_of
from rolecall.iac.plan_leftovers import Leftovers
from rolecall.iac.plan_origins import Origin, Origins, Scope
from rolecall.iac.plan_unknown import AfterApply, has_unknown, marked
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_vertex import Vertex
from rolecall.unknown import Unknown

# The attributes that a vertex has of itself; those of the resource that are called the same are left out.
_OWN = frozenset({
    "resource_type", "block_type_", "block_name_", "file_path_", "source_module_object_", "__address__", "provider",
    "count", "dynamic", "rendering_breadcrumbs_", "__start_line__", "__end_line__",
})  # fmt: skip


class ModuleInstance:
    """What stands for the calls that lead to a vertex; its path makes the plan's file the scope of deployment."""

    nested_tf_module = None

    def __init__(self, file: str, address: str) -> None:
        self.path = f"{file}/"
        self._address = address

    def __str__(self) -> str:
        return self._address


class PlanGraph(TerraformGraph):
    """The vertices of one plan, indexed once in O(resources)."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.configuration = Configuration(plan.configuration)
        self._leftovers = Leftovers(plan)
        self._modules: dict[str, ModuleInstance] = {}
        self._instances: dict[str, Instance] = {}
        self._vertices: dict[str, Vertex] = {}
        self._by_base: dict[tuple[str, str], dict[str | int | None, Vertex]] = {}
        self._by_type = {}
        self.vertices = []
        self._ways = Origins(
            self.configuration, plan.variables, lambda module, base: self._by_base.get((module, base), {})
        )
        for instance in plan.after:
            vertex = self._vertex(instance)
            self.vertices.append(vertex)
            self._instances[instance.address] = instance
            self._vertices[instance.address] = vertex
            self._by_type.setdefault(str(vertex["resource_type"]), []).append(vertex)
            self._by_base.setdefault((instance.module, instance.base), {})[instance.index] = vertex

    def instance(self, vertex: Vertex) -> Instance:
        return self._instances[vertex["__address__"]]

    def type_of(self, address: str) -> str:
        """The type of the resource at an address."""
        return self._instances[address].type

    def of_type(self, *types: str) -> Iterator[Vertex]:
        for kind in types:
            yield from self._by_type.get(kind, ())

    def possible(self, *types: str) -> Iterator[Vertex]:
        return self.of_type(*types)

    def may_be_disabled(self, vertex: Vertex) -> bool:
        return False  # what a plan has is made

    def value(self, vertex: Vertex, attribute: str, depth: int = 0) -> Any:
        return self._inside(vertex, _path(attribute))

    @staticmethod
    def _inside(vertex: Vertex, path: tuple[str | int, ...]) -> Any:
        value: Any = vertex
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return value if isinstance(value, Unknown) else None
        return value

    def targets(self, vertex: Vertex, attribute: str) -> list[Vertex]:
        """The resources that an attribute refers to; those of which its value can be an attribute, if it is known.

        attribute: its name, or a path to one in a nested block (``origin.0.domain_name``).
        """
        instance, path = self.instance(vertex), _path(attribute)
        raw, expression = self._inside(vertex, path), self._expression(instance, path)
        found = [o for o in self._origins(instance, expression, known=True) if o.vertex is not None]
        if isinstance(raw, (str, int, float)):
            found = [origin for origin in found if _may_be_of(str(raw), origin) or _is_host_of(str(raw), origin)]
        elif isinstance(raw, AfterApply):
            found = [origin for origin in found if not self._is_known(origin)]
        unique = {id(origin.vertex): origin.vertex for origin in found if origin.vertex is not None}
        return list(unique.values())

    def origin(self, value: AfterApply) -> Origin | None:
        """Where a value that is not known comes from; ``None`` when the provider or AWS makes it.

        What of the expression is known is put aside: the value is not known, so it depends on the rest.
        """
        instance = self._instances[value.owner]
        found = self._origins(instance, self._expression(instance, value.path), known=False)
        if len(found) > 1:
            return Origin(None, "", " and ".join(sorted(origin.said for origin in found)))
        return found[0] if found else None

    def has_expression(self, value: AfterApply) -> bool:
        """Whether the configuration gives the value, or may: of a dynamic block, it does not tell."""
        instance = self._instances[value.owner]
        return len(value.path) > 1 or str(value.path[0]) in at(self._block(instance), "expressions")

    def declares(self, vertex: Vertex, address: str) -> bool:
        return bool(self.configuration.resource(steps_of(self.instance(vertex).module), address))

    def unread_calls(self) -> Iterator[Vertex]:
        return iter(())  # a plan has all modules

    def unread_file_with(self, vertex: Vertex, word: str) -> str:
        return ""

    def takes_variable(self, vertex: Vertex, attribute: str) -> bool:
        expression = at(self._block(self.instance(vertex)), "expressions").get(attribute)
        return any(reference.startswith("var.") for reference in references_in(expression))

    def provider_of(self, vertex: Vertex) -> str:
        """The key of the provider's block in the configuration."""
        key = self._block(self.instance(vertex)).get("provider_config_key")
        return key if isinstance(key, str) else "aws"

    def root_value(self, expression: Any) -> Any:
        """The value of an expression of the root module: a constant or a variable; ``None`` when it is neither."""
        if not isinstance(expression, dict):
            return None
        references = references_in(expression)
        if len(references) == 1 and references[0].startswith("var."):
            return at(self.plan.variables, references[0][len("var.") :]).get("value")
        return expression.get("constant_value")

    def _vertex(self, instance: Instance) -> Vertex:
        index = instance.index
        shown = "" if index is None else f"[{index}]" if isinstance(index, int) else f'["{index}"]'
        module = self._modules.setdefault(instance.module, ModuleInstance(self.plan.path, instance.module))
        return {
            **self._attributes(instance),
            "resource_type": f"data.{instance.type}" if instance.data else instance.type,
            "block_type_": "data" if instance.data else "resource",
            "block_name_": f"{instance.type}.{instance.name}{shown}",
            "__address__": instance.address,
            "file_path_": self.plan.path,
            "source_module_object_": module,
        }

    def _attributes(self, instance: Instance) -> dict[str, Any]:
        unknown = instance.unknown if isinstance(instance.unknown, dict) else {}
        names = [name for name in (*instance.values, *unknown) if isinstance(name, str) and name not in _OWN]
        block = self._block(instance)
        written = at(block, "expressions") if block else None
        found = {}
        for name in dict.fromkeys(names):
            value = marked(instance, (name,), instance.values.get(name), unknown.get(name))
            if written is not None and name not in written and name in FILLED_IN:
                value = None if isinstance(value, AfterApply) else self._leftovers.without(instance, name, value)
            if written is not None:
                value = without_filled_in(name, value, written.get(name))
            if value is not None:
                found[name] = value
        return found

    def _block(self, instance: Instance) -> Mapping[str, Any]:
        return self.configuration.resource(steps_of(instance.module), instance.base)

    def _expression(self, instance: Instance, path: tuple[str | int, ...]) -> Any:
        """The expression at a path; that of the whole list where its elements have none of their own."""
        current: Any = at(self._block(instance), "expressions").get(str(path[0]))
        value: Any = self._vertices[instance.address].get(str(path[0]))
        for name, step in pairwise(path):
            if isinstance(step, int):
                inner = value[step] if isinstance(value, list) and step < len(value) else None
                if isinstance(current, list):
                    current = block_at(str(name), step, current, value)
            else:
                inner = value.get(step) if isinstance(value, dict) else None
                if isinstance(current, dict) and not {"references", "constant_value"} & set(current):
                    current = current.get(step)
            value = inner
        return current

    def _origins(self, instance: Instance, expression: Any, *, known: bool) -> list[Origin]:
        """Where the parts of an expression come from, each once. known: with those whose values are known."""
        found: dict[tuple[int, str, str], Origin] = {}
        scope = Scope(steps_of(instance.module), instance.index, self._block(instance))
        for origin in self._ways.follow(scope, references_in(expression)):
            if known or not self._is_known(origin):
                said = "" if origin.vertex is not None else origin.said
                found[id(origin.vertex), origin.attribute, said] = origin
        return list(found.values())

    def _is_known(self, origin: Origin) -> bool:
        if origin.vertex is None or not origin.attribute:
            return False
        return not has_unknown(origin.vertex.get(origin.attribute))


def _is_host_of(value: str, origin: Origin) -> bool:
    """Whether a known value is the host of a URL that it refers to, or is made of the URL's ID."""
    given = (origin.vertex or {}).get(origin.attribute)
    if not isinstance(given, str) or not given or not value:
        return False
    return given.partition("://")[2].rstrip("/") == value or (
        origin.attribute == "url_id" and value.startswith(f"{given}.")
    )


def _path(attribute: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdecimal() else step for step in attribute.split("."))


def _may_be_of(value: str, origin: Origin) -> bool:
    """Whether a known value is an attribute of the vertex it refers to, perhaps with a qualifier behind."""
    attributes = origin.vertex or {}
    if origin.attribute:
        item = attributes.get(origin.attribute)
        return isinstance(item, str) and bool(item) and _is_made_of(value, item)
    named = [item for name, item in attributes.items() if name not in _OWN and isinstance(item, str) and item]
    return any(value == item or value.startswith(f"{item}:") for item in named)


def _is_made_of(value: str, item: str) -> bool:
    """Whether a value is another, or an ARN of which that is the beginning or a name or ID in it."""
    if value == item or value.startswith(f"{item}:"):
        return True
    if not value.startswith("arn:"):
        return False
    return value.startswith(f"{item}/") or any(f"{mark}{item}/" in f"{value}/" for mark in ":/")
