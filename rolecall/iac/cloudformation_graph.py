"""From Checkov's CloudFormation graph to templates.

A vertex keeps the template's own text under ``config_``, intrinsics included, only that Checkov has put the defaults of
parameters in their places; that is what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rolecall.iac.sam.attributes import attributes
from rolecall.iac.template import Declared, Template

Vertex = dict[str, Any]

_MACROS = re.compile(rb"(?:^[ \t]*|[{,][ \t]*)[\"']?(?:Transform|Fn::Transform)[\"']?[ \t]*:", re.MULTILINE)
_NAME = rb"[\"']?AWS::Serverless-2016-10-31[\"']?[ \t]*"
# SAM's transform and no other beside it, which rolecall.iac.sam carries out.
_SAM = re.compile(
    rb"\bTransform[\"']?[ \t]*:\s*(?:\[\s*" + _NAME + rb"\s*\]|(?:-[ \t]+)?" + _NAME
    + rb"(?:#[^\n]*)?(?=\r?\n(?![ \t]*-)|[,}]|\Z))"
)  # fmt: skip
_SECTIONS = ("parameters", "conditions", "mappings", "globals")


def templates(graph: Any) -> list[Template]:
    """All templates of one graph (``rustworkx.PyDiGraph`` of Checkov's vertices)."""
    by_file: dict[str, list[Vertex]] = {}
    nodes = graph.nodes()
    for _, vertex in nodes:
        by_file.setdefault(str(vertex.get("file_path_")), []).append(vertex)
    made_under = {
        key_of(nodes[origin][1]): _logical_id(nodes[target][1])
        for origin, target, edge in graph.weighted_edge_list()
        if edge["label"] == "Condition"
    }
    return [_template(file, vertices, made_under) for file, vertices in by_file.items()]


def key_of(vertex: Vertex) -> str:
    """Identifies a vertex within a graph, which may hold many templates with equal logical IDs."""
    return key(str(vertex.get("file_path_")), _logical_id(vertex))


def key(file: str, logical: str) -> str:
    """Identifies a resource by its template and logical ID."""
    return f"{file}|{logical}"


def _template(file: str, vertices: Iterable[Vertex], made_under: Mapping[str, str]) -> Template:
    text = _text(file)
    sections: dict[str, dict[str, Vertex]] = {}
    for vertex in vertices:
        sections.setdefault(str(vertex.get("block_type_")), {})[_logical_id(vertex)] = vertex
    resources = sections.get("resource", {})
    beside = attributes(text or b"", resources)
    return Template(
        file=file,
        framework="cloudformation",
        resources={
            logical: _declared(logical, vertex, made_under.get(key_of(vertex), ""), beside.get(logical, {}))
            for logical, vertex in resources.items()
        },
        transforms=_has_macros(text),
        **{
            section: {logical: vertex.get("config_", {}) for logical, vertex in sections.get(section, {}).items()}
            for section in _SECTIONS
        },
    )


def _declared(logical: str, vertex: Vertex, condition: str, beside: Mapping[str, Any]) -> Declared:
    properties = vertex.get("config_")  # a resource may have none
    return Declared(
        logical=logical,
        type=str(vertex.get("resource_type")),
        properties=properties if isinstance(properties, Mapping) else {},
        condition=condition,
        lines=(int(vertex.get("__startline__", 1)), int(vertex.get("__endline__", 1))),
        attributes=beside,
    )


def _logical_id(vertex: Vertex) -> str:
    return str(vertex.get("block_name_")).rsplit(".", 1)[-1]


def _has_macros(text: bytes | None) -> bool:
    """Whether macros other than SAM's work on a template; one that cannot be read may have them."""
    return text is None or _MACROS.search(_SAM.sub(b"", text)) is not None


def _text(file: str) -> bytes | None:
    """A template as it is written; ``None`` when it cannot be read."""
    try:
        with open(file, "rb") as template:
            return template.read(1 << 22)
    except OSError:
        return None
