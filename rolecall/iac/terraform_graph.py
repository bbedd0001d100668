"""Checkov's Terraform graph: vertices, edges, and what a reference leads to.

Shapes as measured on Checkov 3.3.30: attributes of a vertex are unwrapped, edges carry the attribute's name as label,
variables, outputs, locals and module calls are vertices of their own, and edges labelled ``[cross-variable]`` may point
to the wrong instance of a module and are not used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

_PASS_THROUGH = frozenset({"variable", "output", "locals", "module"})
_INDEX = re.compile(r'\[(?:"(?P<key>[^"]*)"|(?P<number>\d+))\]')

Vertex = dict[str, Any]


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
        for vertex in self.vertices:
            self._by_type.setdefault(str(vertex.get("resource_type")), []).append(vertex)

    def of_type(self, *types: str) -> Iterator[Vertex]:
        """Vertices by resource type, ``data.`` in front of data sources; those with ``count = 0`` left out."""
        for kind in types:
            yield from (vertex for vertex in self._by_type.get(kind, ()) if not is_disabled(vertex))

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
                reached = self.vertices[target]
                if reached.get("block_type_") in _PASS_THROUGH:
                    pending.append((target, self._argument(self.vertices[position], reached)))
                else:
                    found[target] = reached
        return list(found.values())

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
        folder = os.path.dirname(str(vertex.get("file_path_")))
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return folder
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".tf", ".tf.json")) and path not in self._read_files and _contains(path, word):
                return name
        return ""


def _contains(path: str, word: str) -> bool:
    """Whether a file has the word; a file that cannot be read may have it."""
    try:
        with open(path, "rb") as file:
            return word.encode() in file.read(1 << 20)
    except OSError:
        return True


def is_disabled(vertex: Vertex) -> bool:
    return vertex.get("count") in (0, "0")


def module_of(vertex: Vertex) -> str:
    """Identifies the module instance that holds the vertex: folder and call chain."""
    return f"{os.path.dirname(str(vertex.get('file_path_')))}|{vertex.get('source_module_object_') or ''}"


def root_folder(vertex: Vertex) -> str:
    """The folder of the root module: where the provider of the vertex is configured."""
    call = vertex.get("source_module_object_")
    while call is not None and getattr(call, "nested_tf_module", None) is not None:
        call = call.nested_tf_module
    path = getattr(call, "path", None) or vertex.get("file_path_")
    return os.path.dirname(str(path))


def local_address(vertex: Vertex) -> str:
    """``aws_iam_role.r`` or ``data.aws_iam_role.r``: within its module, without index."""
    name = _INDEX.sub("", str(vertex.get("block_name_")))
    return f"data.{name}" if vertex.get("block_type_") == "data" else name


def same_instance(vertex: Vertex, index_text: str) -> bool:
    """Whether ``[0]``, ``["0"]`` or nothing means this instance (Checkov writes ``["0"]`` for a count's index)."""
    own, given = _INDEX.search(str(vertex.get("block_name_"))), _INDEX.search(index_text)
    if own is None or given is None:
        return True
    return (own["key"] or own["number"]) == (given["key"] or given["number"])
