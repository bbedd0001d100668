"""Where a value of a plan comes from: references, followed through the inputs and outputs of modules to resources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rolecall.iac.plan import at
from rolecall.iac.plan_configuration import Configuration, Step, references_in, to_output, to_resource
from rolecall.iac.terraform_vertex import Vertex

_MAX_HOPS = 30
_MAX_INSTANCES = 20  # of a resource that is referred to as a whole: which of more is meant is not worth asking


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: an attribute of a vertex, which is empty when it is lost.

    vertex: ``None`` for what only Terraform knows. said: the reference, for a reader.
    """

    vertex: Vertex | None
    attribute: str
    said: str


@dataclass(frozen=True)
class Scope:
    """Where references stand: the module instance, the index of the block's instance, and the block.

    seen: what has been followed on the way from one value, which need not be followed again.
    """

    steps: tuple[Step, ...]
    index: str | int | None
    block: Mapping[str, Any]
    seen: set[tuple[tuple[Step, ...], str | int | None, str, bool]] = field(default_factory=set)


class Origins:
    """Follows references in one plan.

    variables: the names of the root module's. instances: gives the vertices of a resource by their indices, from the
    address of a module instance and the resource's address in it.
    """

    def __init__(
        self,
        configuration: Configuration,
        variables: Collection[str],
        instances: Callable[[str, str], Mapping[str | int | None, Vertex]],
    ) -> None:
        self._configuration, self._variables, self._instances = configuration, variables, instances

    def follow(self, scope: Scope, references: tuple[str, ...], hops: int = 0) -> Iterator[Origin]:
        """Where references lead that stand somewhere; some may be followed twice."""
        if hops > _MAX_HOPS:
            yield Origin(None, "", "a chain of references that is too long")
            return
        own_index = any(reference.startswith(("each.key", "count.index")) for reference in references)
        for reference in references:
            if (scope.steps, scope.index, reference, own_index) in scope.seen:
                continue
            scope.seen.add((scope.steps, scope.index, reference, own_index))
            if reference.startswith("var."):
                yield from self._variable(scope, reference, hops)
            elif reference.startswith("module."):
                yield from self._output(scope, reference, own_index, hops)
            elif reference.startswith("each.value"):
                yield from self._each_value(scope, reference, hops)
            elif reference.startswith(("each.key", "count.index", "path.", "terraform.")):
                continue
            else:
                yield from self._resource(scope, reference, own_index)

    def _variable(self, scope: Scope, reference: str, hops: int) -> Iterator[Origin]:
        name = reference.split(".")[1].partition("[")[0]
        if not scope.steps:
            if name not in self._variables:
                yield Origin(None, "", reference)
            return
        call = self._configuration.call(scope.steps)
        outside = Scope(scope.steps[:-1], scope.steps[-1][1], call, scope.seen)
        yield from self.follow(outside, references_in(at(call, "expressions").get(name)), hops + 1)

    def _output(self, scope: Scope, reference: str, own_index: bool, hops: int) -> Iterator[Origin]:
        parsed = to_output(reference)
        if parsed is None or not parsed[1]:
            yield Origin(None, "", reference)
            return
        (name, index), output = parsed
        steps: tuple[Step, ...] = (*scope.steps, (name, scope.index if index is None and own_index else index))
        outputs = at(self._configuration.module(steps), "outputs")
        if output not in outputs:
            yield Origin(None, "", reference)
            return
        yield from self.follow(
            Scope(steps, None, {}, scope.seen), references_in(at(outputs, output).get("expression")), hops + 1
        )

    def _each_value(self, scope: Scope, reference: str, hops: int) -> Iterator[Origin]:
        """``each.value`` is an element of what ``for_each`` goes over: an instance, if that is a resource."""
        over = references_in(scope.block.get("for_each_expression"))
        whole = to_resource(over[0]) if len(over) == 1 else None
        if whole is not None and not whole.attribute and whole.key is None:
            element = f"{over[0]}{_written(scope.index)}{reference[len('each.value') :]}"
            yield from self._resource(scope, element, own_index=False)
        else:
            yield Origin(None, "", reference) if not over else Origin(None, "", f"{reference} of {', '.join(over)}")

    def _resource(self, scope: Scope, reference: str, own_index: bool) -> Iterator[Origin]:
        meant = to_resource(reference)
        if meant is None:
            yield Origin(None, "", reference)
            return
        same = self._instances(_address(scope.steps), meant.base)
        key = scope.index if meant.key is None and own_index else meant.key
        if key in same:
            yield Origin(same[key], meant.attribute, reference)
        elif len(same) > _MAX_INSTANCES or not (same or self._configuration.resource(scope.steps, meant.base)):
            yield Origin(None, "", reference)
        elif meant.key is None:
            for vertex in same.values():
                yield Origin(vertex, meant.attribute, reference)


def _address(steps: tuple[Step, ...]) -> str:
    return ".".join(f"module.{name}{_written(index)}" for name, index in steps)


def _written(index: str | int | None) -> str:
    return "" if index is None else f"[{index}]" if isinstance(index, int) else f'["{index}"]'
