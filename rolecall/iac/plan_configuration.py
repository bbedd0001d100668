"""What the configuration in a plan says: which expression an attribute has, and what that refers to.

Of an expression a plan keeps its value, if that is constant, or the references in it; what is done with them (a
template, a function, a conditional) is lost. A reference comes with all its beginnings (``aws_iam_role.r.arn``,
``aws_iam_role.r``); behind an index that is computed, the attribute is lost: ``aws_iam_role.r``, ``each.key``.
Terraform before 0.15 writes ``aws_iam_role.r`` only. Locals are not in a plan.
Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rolecall.iac.plan import at, objects

_MODULE = re.compile(r'module\.(?P<name>[\w-]+)(?:\[(?:"(?P<key>[^"]*)"|(?P<number>\d+))\])?\.?', re.ASCII)
_RESOURCE = re.compile(
    r'(?P<base>(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*)(?:\[(?:"(?P<key>[^"]*)"|(?P<number>\d+))\])?'
    r"(?:\.(?P<attribute>\w+))?(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
_LONGEST = 1024
_MAX_MODULES = 50  # how deep modules are nested
Step = tuple[str, "str | int | None"]


@dataclass(frozen=True)
class ToResource:
    """A reference to a resource. key: the index written; attribute: empty when it is not simply one of the resource."""

    base: str
    key: str | int | None
    attribute: str


def steps_of(module: str) -> tuple[Step, ...]:
    """The names and indices of the calls that lead to a module instance: ``module.a["x"].module.b``."""
    return _steps(module) if len(module) <= _LONGEST * 8 else ()


@lru_cache(maxsize=4096)
def _steps(module: str) -> tuple[Step, ...]:
    return tuple((found["name"], _index(found)) for found in _MODULE.finditer(module))


def to_resource(reference: str) -> ToResource | None:
    """What ``type.name[index].attribute`` refers to; ``None`` when it is no resource."""
    found = _RESOURCE.fullmatch(reference) if len(reference) <= _LONGEST else None
    if found is None:
        return None
    return ToResource(found["base"], _index(found), "" if found["rest"] else found["attribute"] or "")


def to_output(reference: str) -> tuple[Step, str] | None:
    """Call and output that ``module.name[index].output`` refers to; the output is empty when it is lost."""
    found = _MODULE.match(reference) if len(reference) <= _LONGEST else None
    if found is None:
        return None
    return (found["name"], _index(found)), re.split(r"[.\[]", reference[found.end() :], maxsplit=1)[0]


def _index(found: re.Match[str]) -> str | int | None:
    return found["key"] if found["key"] is not None else int(found["number"][:9]) if found["number"] else None


def references_in(expression: Any, depth: int = 0) -> tuple[str, ...]:
    """The references in an expression, or in the expressions of a block; beginnings of others left out."""
    if depth > 20:
        return ()
    found: dict[str, None] = {}
    if isinstance(expression, list):
        for item in expression:
            found.update(dict.fromkeys(references_in(item, depth + 1)))
    elif isinstance(expression, dict):
        listed = expression.get("references")
        if isinstance(listed, list):
            found.update((item, None) for item in listed if isinstance(item, str))
        else:
            for name, item in expression.items():
                if name != "constant_value":
                    found.update(dict.fromkeys(references_in(item, depth + 1)))
    beginnings = {part for item in found if len(item) <= _LONGEST for part in _beginnings(item)}
    return tuple(item for item in found if item not in beginnings)


def _beginnings(reference: str) -> Iterator[str]:
    for at_ in range(1, len(reference)):
        if reference[at_] in ".[":
            yield reference[:at_]


class Configuration:
    """The ``configuration`` of one plan."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._root = at(document, "root_module")
        self.providers = at(document, "provider_config")
        self._modules: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self._resources: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}

    @property
    def is_there(self) -> bool:
        return bool(self._root)

    def module(self, steps: tuple[Step, ...]) -> Mapping[str, Any]:
        """A module by the calls that lead to it."""
        names = tuple(name for name, _ in steps)
        if names not in self._modules:
            current = self._root
            for name in names:
                current = at(current, "module_calls", name, "module")
            self._modules[names] = current
        return self._modules[names]

    def call(self, steps: tuple[Step, ...]) -> Mapping[str, Any]:
        """The call that makes a module instance."""
        return at(self.module(steps[:-1]), "module_calls", steps[-1][0])

    def resource(self, steps: tuple[Step, ...], base: str) -> Mapping[str, Any]:
        """The block of a resource; empty where the configuration has none (it was removed)."""
        names = tuple(name for name, _ in steps)
        if names not in self._resources:
            listed = objects(self.module(steps).get("resources"))
            self._resources[names] = {str(block.get("address")): block for block in listed}
        return self._resources[names].get(base, {})

    def leaves_out(self, types: frozenset[str], made: Set[tuple[tuple[str, ...], str]], *, counted: bool) -> bool:
        """Whether a block of some types made none of the resources, as in a plan for some of the resources.

        made: the names of the calls to each resource, and its address. counted: whether blocks count that ``count`` or
        ``for_each`` governs, theirs or a call's, which may make none by themselves.
        """
        pending: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), self._root)]
        while pending:
            names, module = pending.pop()
            for block in objects(module.get("resources")):
                meant = str(block.get("type")) in types and block.get("mode") != "data"
                made_none = (names, str(block.get("address"))) not in made
                if meant and made_none and (counted or not _is_counted(block)):
                    return True
            for name in at(module, "module_calls"):
                call = at(module, "module_calls", name)
                if len(names) < _MAX_MODULES and (counted or not _is_counted(call)):
                    pending.append(((*names, name), at(call, "module")))
        return False


def _is_counted(block: Mapping[str, Any]) -> bool:
    return "count_expression" in block or "for_each_expression" in block
