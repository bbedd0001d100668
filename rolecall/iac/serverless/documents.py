"""Reads the YAML and JSON of a service: its configuration, and the files which that takes in with ``${file(...)}``.

CloudFormation's short forms (``!Ref``, ``!Sub`` ...) come out in the long form. Dates stay text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import yaml

from rolecall.iac.repetition import BoundedLoader

START, END = "__startline__", "__endline__"
_LARGEST = 1 << 20
_ENDINGS = (".yml", ".yaml", ".json")
_UNPREFIXED = ("Ref", "Condition")


class _Loader(BoundedLoader):
    """A safe loader whose mappings know their lines."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    made = {_key(loader, key): loader.construct_object(value, deep=True) for key, value in node.value}
    return {**made, START: node.start_mark.line + 1, END: max(node.end_mark.line, node.start_mark.line + 1)}


def _key(loader: _Loader, node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else str(loader.construct_object(node, deep=True))


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = _mapping(loader, node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = node.value
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _UNPREFIXED else f"Fn::{suffix}": value}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_multi_constructor("!", _short_form)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: str) -> Any:
    """The content of a file; mappings carry their first and last line under ``START`` and ``END``.

    Raises ``OSError`` when it cannot be read, ``ValueError`` when it is no such file.
    """
    if not path.endswith(_ENDINGS) or not os.path.isfile(path):
        raise ValueError(f"{path} is no YAML or JSON file")
    with open(path, encoding="utf-8", errors="replace") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"{path} is too large")
    return parse(content, path)


def parse(content: str, path: str) -> Any:
    """The same for text. path: for messages, and to tell JSON from YAML."""
    try:
        return json.loads(content) if path.endswith(".json") else yaml.load(content, _Loader)  # noqa: S506  # it is safe
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError(f"{path} cannot be read: {str(fault).splitlines()[0]}") from None


def lines_of(value: Any, otherwise: tuple[int, int] = (1, 1)) -> tuple[int, int]:
    """First and last line of a mapping as Checkov counts them: from the key that it is the value of."""
    start, end = (value.get(START), value.get(END)) if isinstance(value, Mapping) else (None, None)
    return (max(start - 1, 1), end) if isinstance(start, int) and isinstance(end, int) else otherwise
