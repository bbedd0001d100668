"""What the attributes of a plan say: known values, those of other resources, or what is known only after apply."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from rolecall.arn import ACCOUNT_ID, parse_arn, partitions_in
from rolecall.iac.plan import at, objects
from rolecall.iac.plan_graph import PlanGraph
from rolecall.iac.plan_surroundings import surroundings
from rolecall.iac.plan_unknown import AfterApply
from rolecall.iac.terraform_api_arns import API_COMPOSED
from rolecall.iac.terraform_arns import COMPOSED
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_providers import Place, place_of
from rolecall.iac.terraform_values import MAX_DEPTH, TerraformValues, given
from rolecall.iac.terraform_vertex import Vertex, root_folder
from rolecall.model import Document
from rolecall.unknown import Computed, Text, Unknown, text

_MAX_HOPS = 20
_DOCUMENT, _RENDERED = "data.aws_iam_policy_document", ("json", "minified_json", "")  # empty: lost
_POLICIES = ("policy", "assume_role_policy")
_OWN_ACCOUNT = re.compile(r"data\.aws_caller_identity|aws_(?:iam|lambda|sqs|cloudwatch|dynamodb|kms)_\w+", re.ASCII)


class PlanValues(TerraformValues):
    """Reads attributes of one plan's vertices."""

    def __init__(self, graph: PlanGraph) -> None:
        self._plan = graph
        self._at: dict[tuple[str, str], Place] = {}
        self._qualified = _qualified(graph)
        self._resolving = set()

    def place(self, vertex: Vertex) -> Place:
        provider, region = self._plan.provider_of(vertex), vertex.get("region")
        own = region if isinstance(region, str) else ""
        if (provider, own) not in self._at:
            self._at[provider, own] = self._place(vertex, provider, own)
        return self._at[provider, own]

    def get(self, vertex: Vertex, attribute: str) -> Text | None:
        value = vertex.get(attribute)
        return None if value is None or value == "" else self.text(vertex, attribute, value)

    def text(self, vertex: Vertex, attribute: str, value: Any) -> Text:
        if isinstance(value, AfterApply):
            return self.resolved(value)
        if isinstance(value, (bool, int, float)):
            return str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, (str, Unknown)):
            return value
        return Unknown(f"{attribute} has no single value")

    def document(self, vertex: Vertex, attribute: str, value: Any, depth: int = 0) -> Any:
        """A policy document from its JSON; no text in it is an expression."""
        if isinstance(value, str):
            try:
                return json.loads(value)
            except (ValueError, RecursionError):
                return Unknown(f"{attribute} is no JSON that could be read")
        return value if isinstance(value, (dict, Unknown)) else Unknown(f"{attribute} is not an object")

    def attribute_of(self, vertex: Vertex, attribute: str) -> Text:
        return self._attribute(vertex, attribute, 0)

    def resolved(self, value: AfterApply, hops: int = 0) -> Text:
        """The value where another resource's attribute can only be it; else unknown, but the same to all who refer."""
        origin = self._plan.origin(value) if hops < _MAX_HOPS else None
        own = Unknown(value.reason, f"{self._plan.plan.path}|{value.owner}.{'.'.join(map(str, value.path))}")
        if origin is None:
            return own
        name = next(str(step) for step in reversed(value.path) if isinstance(step, str))
        if origin.vertex is None or not origin.attribute:
            reason = f"{value.owner}.{value.path[0]} is known only after apply; it is made of {origin.said}"
            return Computed(reason, own.symbol)
        aliases = origin.vertex["__address__"] in self._qualified
        around = surroundings(origin, self._plan.type_of(value.owner), name, aliases=aliases)
        if around is None:
            return Computed(f"{own.reason}; it is made of {origin.said}", own.symbol)
        before, behind = around
        return text(before, self._attribute(origin.vertex, origin.attribute, hops + 1), behind)

    def _attribute(self, vertex: Vertex, attribute: str, hops: int) -> Text:
        value = vertex.get(attribute)
        if isinstance(value, AfterApply) and self._plan.has_expression(value):
            return self.resolved(value, hops)
        if isinstance(value, (str, int, float)) and value != "":
            return self.text(vertex, attribute, value)
        wanted = (str(vertex["resource_type"]), attribute)
        compose = COMPOSED.get(wanted) or API_COMPOSED.get(wanted)
        return self._composed(compose, vertex, attribute) if compose else self.of(vertex, attribute)

    def target(self, vertex: Vertex, attribute: str) -> Vertex | None:
        raw = self._plan.value(vertex, attribute)
        if isinstance(raw, AfterApply):
            origin = self._plan.origin(raw)
            return origin.vertex if origin else None
        targets = self._plan.targets(vertex, attribute)
        return targets[0] if len(targets) == 1 else None

    def of(self, vertex: Vertex, attribute: str) -> Text:
        """What is there already is known."""
        if isinstance(vertex.get(attribute), str) and vertex[attribute]:
            return str(vertex[attribute])
        shown = f"{vertex['__address__']}.{attribute}"
        return given(vertex, attribute, f"{shown} is known only after apply", f"{root_folder(vertex)}|{shown}")

    def _place(self, vertex: Vertex, provider: str, region: str) -> Place:
        block = self._provider_block(provider)
        stated = place_of({**block, "region": region or block.get("region")}, self._plan.plan.path, provider)
        seen = self._seen.get(provider, set())
        accounts, partitions = {account for account, _ in seen}, {partition for _, partition in seen}
        return Place(
            account=accounts.pop() if len(accounts) == 1 else stated.account,
            region=stated.region,
            partition=partitions.pop() if len(partitions) == 1 else self._partition(stated),
        )

    def _partition(self, stated: Place) -> Text:
        """Where no provider says it, the one partition that the plan writes out."""
        written = self._written_partitions if isinstance(stated.partition, Unknown) else frozenset()
        return next(iter(written)) if len(written) == 1 else stated.partition

    @cached_property
    def _written_partitions(self) -> frozenset[str]:
        return partitions_in([v for vertex in self._plan.vertices for name, v in vertex.items() if name[-1:] != "_"])

    def _provider_block(self, provider: str) -> dict[str, Any]:
        """What a provider's block says, as far as the plan knows it."""
        expressions = at(self._plan.configuration.providers, provider, "expressions")
        in_module = ":" in provider  # its variables are not the root's
        value = _constant if in_module else self._plan.root_value
        block = {name: value(expression) for name, expression in expressions.items()}
        roles = [value(assumed.get("role_arn")) for assumed in objects(expressions.get("assume_role"))]
        return {**block, "assume_role": {"role_arn": roles[0]} if len(roles) == 1 else None}

    @cached_property
    def _seen(self) -> dict[str, set[tuple[str, str]]]:
        """Account and partition in the ARNs of what each provider manages, and in who the provider is."""
        found: dict[str, set[tuple[str, str]]] = {}
        for vertex in self._plan.vertices:
            kind, given = str(vertex["resource_type"]), vertex.get("arn")
            arn = parse_arn(given) if isinstance(given, str) and _OWN_ACCOUNT.fullmatch(kind) else None
            if arn and ACCOUNT_ID.fullmatch(arn.account):
                found.setdefault(self._plan.provider_of(vertex), set()).add((arn.account, arn.partition))
        return found


def _constant(expression: Any) -> Any:
    return expression.get("constant_value") if isinstance(expression, dict) else None


class PlanDocuments(PolicyDocuments):
    """Policy documents of one plan: rendered ones, and what data sources that are read later will render."""

    def __init__(self, graph: PlanGraph, values: PlanValues) -> None:
        super().__init__(graph, values)
        self._plan = graph

    def of(self, vertex: Vertex, attribute: str) -> Document:
        return self.read(vertex, attribute, vertex.get(attribute))

    def read(self, vertex: Vertex, attribute: str, raw: Any, depth: int = 0) -> Document:
        """The policy document in (a part of) an attribute."""
        if isinstance(raw, AfterApply):
            return self._after_apply(raw, depth)
        if raw is None:
            return Unknown("missing")
        document: Any = self._values.document(vertex, attribute, raw)
        return document if isinstance(document, (dict, Unknown)) else Unknown(f"{attribute} is not an object")

    def _after_apply(self, raw: AfterApply, depth: int) -> Document:
        origin = self._plan.origin(raw)
        if origin is None or origin.vertex is None or depth > MAX_DEPTH:
            return Unknown(raw.reason)
        if origin.vertex["resource_type"] == _DOCUMENT and origin.attribute in _RENDERED:
            return self.build(origin.vertex, depth)
        if origin.attribute not in _POLICIES:
            return Unknown(raw.reason)
        return self.read(origin.vertex, origin.attribute, origin.vertex.get(origin.attribute), depth + 1)


def _qualified(graph: PlanGraph) -> set[str]:
    """Functions with aliases, versions or statements for them: ``"${function.arn}:live"`` looks like the bare ARN."""
    found = {str(v["__address__"]) for v in graph.of_type("aws_lambda_function") if v.get("publish") is True}
    for kind in ("aws_lambda_alias", "aws_lambda_permission"):
        for vertex in graph.of_type(kind):
            if kind == "aws_lambda_alias" or vertex.get("qualifier"):
                found |= {str(target["__address__"]) for target in graph.targets(vertex, "function_name")}
    return found
