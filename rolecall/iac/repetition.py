"""Templates that repeat themselves: with YAML's aliases a few lines stand for more values than any machine holds.

CloudFormation takes templates of up to 1 MB with the aliases written out; whatever is larger cannot be deployed.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from rolecall.iac.template import Template
from rolecall.unknown import Unknown

MOST_VALUES = 200_000
_MOST_MERGED, _MOST_KEYS = 100, 10_000
_REPEATS = Unknown("the template repeats itself too often to be read")


def bounded(template: Template) -> Template:
    """The template, but without the values that together are more than ``MOST_VALUES``; they are ``Unknown``.

    Whoever walks through the template afterwards needs no bound of his own, except on its depth.
    """
    left = _Budget()
    return replace(
        template,
        globals=left.sections(template.globals),
        parameters=left.sections(template.parameters),
        conditions=left.entries(template.conditions),
        mappings=left.sections(template.mappings),
        resources={
            logical: replace(
                declared,
                properties=left.entries(declared.properties),
                attributes=left.entries(declared.attributes),
            )
            for logical, declared in template.resources.items()
        },
    )


class BoundedLoader(yaml.SafeLoader):
    """A loader that refuses merge keys (``<<``) which multiply; aliases by themselves cost it nothing."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Take the merged keys in. Raises ``yaml.constructor.ConstructorError``."""
        merged = (len(value.value) for key, value in node.value if key.tag == "tag:yaml.org,2002:merge")
        if max(merged, default=0) <= _MOST_MERGED:
            super().flatten_mapping(node)
            if len(node.value) <= _MOST_KEYS:
                return
        raise yaml.constructor.ConstructorError(None, None, "merge keys repeat too much", node.start_mark)


class _Budget:
    """Counts values, each as often as it would be written out."""

    def __init__(self) -> None:
        self._left = MOST_VALUES
        self._sizes: dict[int, int] = {}

    def sections(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Objects by name, each cut short as need be."""
        return {
            name: self.entries(value) if isinstance(value, Mapping) else self._kept(value)
            for name, value in given.items()
        }

    def entries(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._kept(value) for name, value in given.items()}

    def _kept(self, value: Any) -> Any:
        size = self._size(value)
        if size > self._left:
            return _REPEATS
        self._left -= size
        return value

    def _size(self, value: Any) -> int:
        """How many values it holds, at most one more than ``MOST_VALUES``; as many when it contains itself.

        Each container is counted once, however often it occurs, and without recursion, however deep it is.
        """
        waiting = [value]
        while waiting:
            held = waiting[-1]
            inside = _inside(held)
            if not inside or self._sizes.get(id(held), 0) > 0:
                waiting.pop()
            elif id(held) not in self._sizes:
                self._sizes[id(held)] = 0  # until it is known: what contains itself meets it here
                waiting += [item for item in inside if _inside(item) and id(item) not in self._sizes]
            else:
                waiting.pop()
                total = 1 + sum(self._known(item) for item in inside)
                self._sizes[id(held)] = min(total, MOST_VALUES + 1)
        return self._known(value)

    def _known(self, value: Any) -> int:
        return (self._sizes.get(id(value), 0) or MOST_VALUES + 1) if _inside(value) else 1


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
