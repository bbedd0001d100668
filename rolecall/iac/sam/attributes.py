"""What stands beside ``Properties`` and SAM heeds; Checkov's graph leaves it out, so the template is read once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from rolecall.iac.repetition import BoundedLoader
from rolecall.unknown import Unknown

_HEEDED = ("Connectors", "IgnoreGlobals")
_LONGEST = 1 << 20  # CloudFormation takes no longer template


def attributes(template: bytes, logical_ids: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """``Connectors`` and ``IgnoreGlobals`` of a template's resources, by logical ID.

    template: the file, YAML or JSON. Where it cannot be read, each of the logical IDs may have connectors.
    """
    if b"AWS::Serverless" not in template or not any(name.encode() in template for name in _HEEDED):
        return {}
    try:
        document = yaml.load(template, Loader=_Loader) if len(template) <= _LONGEST else None  # noqa: S506 (a safe one)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        document = None
    if document is None:
        unread = Unknown("the template cannot be read for connectors")
        return {logical: {"Connectors": unread} for logical in logical_ids}
    resources = document.get("Resources") if isinstance(document, dict) else None
    return {
        logical: {name: resource[name] for name in _HEEDED if name in resource}
        for logical, resource in (resources.items() if isinstance(resources, dict) else ())
        if isinstance(logical, str) and isinstance(resource, dict)
    }


class _Loader(BoundedLoader):
    """Reads ``!Ref`` and the like in their long form. Not the loader in C, which deep nesting makes end the process."""


def _function(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)
