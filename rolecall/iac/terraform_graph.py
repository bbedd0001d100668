"""Checkov's Terraform graph: vertices, edges, and what a reference leads to.

Shapes as measured on Checkov 3.3.30: attributes of a vertex are unwrapped, edges carry the attribute's name as label,
variables, outputs, locals and module calls are vertices of their own, and edges labelled ``[cross-variable]`` may point
to the wrong instance of a module and are not used. Where one module is called several times, Checkov leads every
reference to an output of it to the first call and renders that call's value: such references are read again from the
source.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from rolecall.iac.terraform_vertex import (
    Vertex,
    folder_of,
    is_disabled,
    local_address,
    module_of,
    source_of,
)
from rolecall.unknown import Unknown

_PASS_THROUGH = frozenset({"variable", "output", "locals", "module"})
_MODULE_OUTPUT = re.compile(r'module\.(?P<name>[\w-]+)(?:\[(?P<index>"[^"]*"|\d+)\])?\.[\w-]+')
_MAX_DEPTH = 20
_UNRESOLVED = re.compile(r"(?<![\w-])(?:None\b|(?:var|local|module|data|each)\.[A-Za-z_])|\(", re.ASCII)


class TerraformGraph:
    """A read-only view of a rustworkx graph, indexed once in O(nodes + edges).

    graph: ``rustworkx.PyDiGraph`` whose node data are pairs of index and attributes.
    """

    def __init__(self, graph: Any) -> None:
        self.vertices: list[Vertex] = [attributes for _, attributes in graph.nodes()]
        self._edges: dict[int, list[tuple[str, int]]] = {}
        for origin, target, edge in graph.weighted_edge_list():
            label = edge["label"]
            if not label.startswith("[cross-variable]"):
                self._edges.setdefault(origin, []).append((label, target))
        self._positions = {id(vertex): position for position, vertex in enumerate(self.vertices)}
        self._by_type: dict[str, list[Vertex]] = {}
        self._outputs: dict[tuple[str, str], list[int]] = {}
        for position, vertex in enumerate(self.vertices):
            self._by_type.setdefault(str(vertex.get("resource_type")), []).append(vertex)
            if vertex.get("block_type_") == "output":
                self._outputs.setdefault(_file_and_name(vertex), []).append(position)

    def of_type(self, *types: str) -> Iterator[Vertex]:
        """Vertices by resource type, ``data.`` in front of data sources; those with ``count = 0`` left out."""
        for kind in types:
            yield from (vertex for vertex in self._by_type.get(kind, ()) if not is_disabled(vertex))

    def possible(self, *types: str) -> Iterator[Vertex]:
        """The same, with those of which it cannot be told whether Terraform makes them."""
        for kind in types:
            yield from (v for v in self._by_type.get(kind, ()) if not is_disabled(v) or self.may_be_disabled(v))

    def may_be_disabled(self, vertex: Vertex) -> bool:
        """Whether a condition that is not known decides if there is the resource.

        Where a local or a variable has no known value, Checkov computes ``count`` as if it were false.
        """
        count = vertex.get("count")
        if isinstance(count, str) and not count.isdigit():
            return True
        return is_disabled(vertex) and self._rests_on_unknown(vertex, "count")

    def _rests_on_unknown(self, vertex: Vertex, attribute: str) -> bool:
        """Whether an attribute takes a local or a variable whose value Checkov could not work out."""
        for _, reached in self._taken_by(vertex, attribute):
            value = reached.get(str(reached.get("block_name_")), reached.get("default", reached.get("value", "")))
            if value is None or value == "None" or (isinstance(value, str) and _UNRESOLVED.search(value)):
                return True
        return False

    def _taken_by(self, vertex: Vertex, attribute: str) -> Iterator[tuple[int, Vertex]]:
        """The locals, variables, outputs and module calls that an attribute takes its value from, with positions."""
        pending, seen = [(self._positions[id(vertex)], attribute)], set()
        while pending:
            position, wanted = pending.pop()
            for label, target in self._edges.get(position, ()):
                reached = self.vertices[target]
                if target in seen or (wanted and label != wanted) or reached.get("block_type_") not in _PASS_THROUGH:
                    continue
                seen.add(target)
                yield target, reached
                pending.append((target, self._argument(self.vertices[position], reached)))

    def targets(self, vertex: Vertex, attribute: str) -> list[Vertex]:
        """The resources and data sources that an attribute refers to, through variables, outputs, locals, modules."""
        found: dict[int, Vertex] = {}
        seen: set[tuple[int, str]] = set()
        pending = [(self._positions[id(vertex)], attribute)]
        while pending:
            position, wanted = pending.pop()
            if (position, wanted) in seen:
                continue
            seen.add((position, wanted))
            for label, target in self._edges.get(position, ()):
                if wanted and label != wanted and not label.startswith(f"{wanted}."):
                    continue
                if self._is_ambiguous(target):
                    target = self._output_of_call(position, label, target)  # noqa: PLW2901
                    if target < 0:
                        continue
                reached = self.vertices[target]
                if reached.get("block_type_") in _PASS_THROUGH:
                    pending.append((target, self._argument(self.vertices[position], reached)))
                else:
                    found[target] = reached
        return list(found.values())

    def value(self, vertex: Vertex, attribute: str, depth: int = 0) -> Any:
        """An attribute's value; ``Unknown`` where Checkov may have rendered it from another call of a module."""
        position = self._positions[id(vertex)]
        for label, target in self._edges.get(position, ()):
            if self._is_ambiguous(target) and (label == attribute or label.startswith(f"{attribute}.")):
                right = self._output_of_call(position, attribute, target)
                if right < 0 or depth > _MAX_DEPTH:
                    return Unknown(f"{attribute} takes an output of a module that is called several times")
                return self.value(self.vertices[right], "value", depth + 1)
        return vertex.get(attribute)

    def unread_calls(self) -> Iterator[Vertex]:
        """The calls of modules that Checkov did not read, such as those of a registry."""
        read = {
            (call.name, folder_of(str(call.path)))
            for vertex in self.vertices
            if (call := vertex.get("source_module_object_")) is not None
        }
        for vertex in self.vertices:
            own = (str(vertex.get("block_name_")), folder_of(str(vertex.get("file_path_"))))
            if vertex.get("block_type_") == "module" and own not in read:
                yield vertex

    def takes_variable(self, vertex: Vertex, attribute: str) -> bool:
        """Whether an attribute's value comes from a variable, directly."""
        edges = self._edges.get(self._positions[id(vertex)], ())
        return any(
            label == attribute and self.vertices[target].get("block_type_") == "variable" for label, target in edges
        )

    def may_get_more(self, vertex: Vertex, attribute: str) -> bool:
        """Whether a map takes a variable whose value is not known: who calls the module may put more in it."""
        for target, reached in self._taken_by(vertex, attribute):
            given = reached.get("default")
            called = any(self.vertices[t].get("block_type_") == "module" for _, t in self._edges.get(target, ()))
            if reached.get("block_type_") == "variable" and not called and (not given or isinstance(given, str)):
                return True
        return False

    def _is_ambiguous(self, target: int) -> bool:
        reached = self.vertices[target]
        return reached.get("block_type_") == "output" and len(self._outputs[_file_and_name(reached)]) > 1

    def _output_of_call(self, origin: int, attribute: str, target: int) -> int:
        """The output vertex that an attribute means by ``module.NAME.OUTPUT``; -1 when its source does not say so."""
        vertex = self.vertices[origin]
        call = _MODULE_OUTPUT.fullmatch(source_of(vertex, attribute))
        if call is None:
            return -1
        found = [
            position
            for position in self._outputs[_file_and_name(self.vertices[target])]
            if _is_call(self.vertices[position].get("source_module_object_"), call, vertex)
        ]
        return found[0] if len(found) == 1 else -1

    @staticmethod
    def _argument(origin: Vertex, reached: Vertex) -> str:
        """Which edges of ``reached`` go on with the value: a module call's argument has the variable's name."""
        is_argument = reached.get("block_type_") == "module" and origin.get("block_type_") == "variable"
        return str(origin.get("block_name_")) if is_argument else ""

    @cached_property
    def _read_files(self) -> set[str]:
        return {str(vertex.get("file_path_")) for vertex in self.vertices}

    @cached_property
    def _declared(self) -> set[tuple[str, str]]:
        return {(module_of(vertex), local_address(vertex)) for vertex in self.vertices}

    def declares(self, vertex: Vertex, address: str) -> bool:
        """Whether the module that holds ``vertex`` declares a resource ``type.name``, whatever its index."""
        return (module_of(vertex), address) in self._declared

    def unread_file_with(self, vertex: Vertex, word: str) -> str:
        """A file beside ``vertex``'s that is not in the graph (broken, or not scanned) and contains ``word``.

        Such a file may declare what the graph does not know. Empty when there is none.
        """
        folder = folder_of(str(vertex.get("file_path_")))
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return folder
        for name in names:
            path = os.path.join(folder, name)
            if name == "terragrunt.hcl":  # Terragrunt writes files of its own beside these
                return name
            if (
                name.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))
                and path not in self._read_files
                and _contains(path, word)
            ):
                return name
        return ""


def _file_and_name(vertex: Vertex) -> tuple[str, str]:
    return str(vertex.get("file_path_")), str(vertex.get("block_name_"))


def _is_call(module: Any, call: re.Match[str], vertex: Vertex) -> bool:
    """Whether a module object is what ``module.name[index]`` means in the module that holds ``vertex``."""
    instance, index = getattr(module, "foreach_idx", None), call["index"]
    return (
        getattr(module, "name", None) == call["name"]
        and (index is None if instance is None else index is not None and index.strip('"') == str(instance))
        and folder_of(str(getattr(module, "path", ""))) == folder_of(str(vertex.get("file_path_")))
        and getattr(module, "nested_tf_module", None) == vertex.get("source_module_object_")
    )


def _contains(path: str, word: str) -> bool:
    """Whether a file has the word; a file that cannot be read may have it."""
    try:
        with open(path, "rb") as file:
            return word.encode() in file.read(1 << 20)
    except OSError:
        return True
