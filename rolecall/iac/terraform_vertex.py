"""A vertex of Checkov's Terraform graph: one block of the code, what identifies it, and how the file has it."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Any

from rolecall.unknown import Unknown

Vertex = dict[str, Any]
_INDEX = re.compile(r'\[(?:"(?P<key>[^"]*)"|(?P<number>\d+))\]')


def is_disabled(vertex: Vertex) -> bool:
    return vertex.get("count") in (0, "0")


def blocks_of(vertex: Vertex, name: str) -> list[dict[str, Any] | Unknown]:
    """The nested blocks of a name; one ``Unknown`` for dynamic ones, which Checkov renders as if there were one."""
    dynamic = vertex.get("dynamic")
    if any(isinstance(item, dict) and name in item for item in (dynamic if isinstance(dynamic, list) else [dynamic])):
        return [Unknown(f"a dynamic {name} block{_of(vertex)} is known only when Terraform runs")]
    written = vertex.get(name)
    listed = written if isinstance(written, list) else [written] if written else []
    return [block for block in listed if isinstance(block, (dict, Unknown))]


def _of(block: Vertex) -> str:
    """Of which resource a block is, for a reader; empty for one within another."""
    return f" of {block['__address__']}" if block.get("__address__") else ""


def key_of(vertex: Vertex) -> str:
    """Identifies a vertex within a graph, which may hold several root modules with equal addresses."""
    return f"{vertex.get('file_path_')}|{module_of(vertex)}|{vertex.get('__address__')}"


@lru_cache(maxsize=4096)
def folder_of(path: str) -> str:
    """The folder of a file."""
    return os.path.dirname(path)


def module_of(vertex: Vertex) -> str:
    """Identifies the module instance that holds the vertex: folder and call chain."""
    return f"{folder_of(str(vertex.get('file_path_')))}|{vertex.get('source_module_object_') or ''}"


def root_folder(vertex: Vertex) -> str:
    """The folder of the root module: where the provider of the vertex is configured."""
    call = vertex.get("source_module_object_")
    while call is not None and getattr(call, "nested_tf_module", None) is not None:
        call = call.nested_tf_module
    path = getattr(call, "path", None) or vertex.get("file_path_")
    return folder_of(str(path))


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


def source_lines(vertex: Vertex) -> tuple[str, ...]:
    """The lines of a block as the file has them; none when the file cannot be read."""
    if not vertex.get("__start_line__"):
        return ()
    return _lines(str(vertex.get("file_path_")))[int(vertex["__start_line__"]) - 1 : int(vertex["__end_line__"])]


def source_of(vertex: Vertex, attribute: str) -> str:
    """The expression of an attribute as the file has it, quotes and comments off; empty when it cannot be found."""
    lines = source_lines(vertex)
    if vertex.get("block_type_") == "output":
        lines = _lines(str(vertex.get("file_path_")))
        opening = re.compile(rf'\s*output\s+"{re.escape(str(vertex.get("block_name_")))}"')
        first = next((number for number, line in enumerate(lines) if opening.match(line)), len(lines))
        lines = lines[first : first + 20]
    assignment = re.compile(rf"[\s{{]*{re.escape(attribute)}\s*=\s*(.+)")
    found = next(filter(None, map(assignment.match, lines)), None)
    expression = found[1] if found else ""
    for comment in (" #", " //"):
        expression = expression.partition(comment)[0]
    expression = expression.strip().removesuffix("}").strip() if vertex.get("block_type_") == "output" else expression
    return expression.strip().removeprefix('"${').removesuffix('}"').strip()


@lru_cache(maxsize=64)
def _lines(path: str) -> tuple[str, ...]:
    try:
        with open(path, encoding="utf-8") as file:
            return tuple(file.read(1 << 22).splitlines())
    except (OSError, UnicodeDecodeError):
        return ()
