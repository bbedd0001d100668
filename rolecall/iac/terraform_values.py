"""What a Terraform attribute says: text, a reference, or something that only Terraform can compute.

In Checkov's graph an unresolved expression looks like a literal (``var.svc``, ``local.x``, ``file("t.json")``); nothing
that may be an expression is taken for a value here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from rolecall.iac.terraform_api_arns import API_COMPOSED, WITH_ID
from rolecall.iac.terraform_arns import COMPOSED, Compose
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_providers import Place, Places
from rolecall.iac.terraform_vertex import Vertex, key_of, local_address, module_of, root_folder, same_instance
from rolecall.unknown import Computed, Given, Identifier, Text, Unknown, is_name, text

MAX_DEPTH = 40
_LONGEST_REFERENCE = 512  # a longer text is none, and the expression below is not tried on it
_REFERENCE = re.compile(
    r"(?P<address>(?:data\.)?(?P<type>[a-z][a-z0-9]*_[a-z0-9_]+)\.(?P<name>[A-Za-z_][\w-]*))(?P<index>\[[^\]]*\])?"
    r"\.(?P<attribute>\w+)",
    re.ASCII,
)
_SCOPES = ("var", "local", "module", "each", "count", "self", "path", "terraform")
# Inside jsonencode Checkov drops the ``${}``: an expression may stand anywhere in what looks like a literal.
_EXPRESSION = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(_SCOPES)})\.[A-Za-z_]|[a-z]{{1,20}}_[a-z0-9_]{{1,60}}\.[A-Za-z_][\w-]*[.\[])|[\"(]|%\{{",
    re.ASCII,
)
_SEPARATOR = re.compile(r"([:/*]+)")
_VARYING = re.compile(r"(?<![\w-])(?:(?:each|count|self)\.|(?:uuid|timestamp|bcrypt|plantimestamp)\()", re.ASCII)
_LITERAL_ARN = re.compile(r"arn:[a-z*-]+:[a-z0-9*-]+:", re.ASCII)


class TerraformValues:
    """Reads attributes of one graph's vertices."""

    def __init__(self, graph: TerraformGraph) -> None:
        self._graph = graph
        self._places = Places(graph)
        self._resolving: set[tuple[int, str]] = set()

    def place(self, vertex: Vertex) -> Place:
        """Account, region and partition of the vertex."""
        return self._places.of(vertex)

    def provider(self, vertex: Vertex) -> Vertex:
        """The provider block of the vertex; empty where there is none."""
        return self._places.block(vertex)

    def get(self, vertex: Vertex, attribute: str) -> Text | None:
        """A text attribute: ``None`` when it is absent or empty (which the AWS provider treats as absent)."""
        if attribute not in vertex or vertex[attribute] == "":
            return None
        return self.text(vertex, attribute, self._graph.value(vertex, attribute))

    def text(self, vertex: Vertex, attribute: str, value: Any) -> Text:
        """The value of (a part of) an attribute as text. attribute: whose edges say where references lead."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, str):
            return Unknown(f"{_shown(vertex, attribute)} has no single value")
        if value.startswith(("[", "{", '"')):
            return Unknown(f"{_shown(vertex, attribute)} is known only when Terraform runs")
        pieces = split_template(value) if "${" in value else [("text", value)]
        if len(pieces) == 1 and pieces[0][0] == "text":
            return self._bare(vertex, attribute, value)
        if any(kind == "text" and _EXPRESSION.search(piece) for kind, piece in pieces):
            return _computed(vertex, value)  # Checkov put it there for a reference, without the braces around it
        return text(
            *(piece if kind == "text" else self._expression(vertex, attribute, piece) for kind, piece in pieces)
        )

    def document(self, vertex: Vertex, attribute: str, value: Any, depth: int = 0) -> Any:
        """A policy document as Checkov has it (a dictionary of ``jsonencode``, or JSON text), unknown values marked."""
        if depth > MAX_DEPTH:
            return Unknown(f"{attribute} is nested too deeply")
        if isinstance(value, dict):
            marked = {str(k): self.document(vertex, attribute, v, depth + 1) for k, v in value.items()}
            return {key: item for key, item in marked.items() if key not in ("__startline__", "__endline__")}
        if isinstance(value, (list, tuple)):
            if not value:  # what Checkov makes of a list variable without a default; IAM takes no empty list
                return Unknown(f"a list in {attribute} is known only when Terraform runs")
            return [self.document(vertex, attribute, item, depth + 1) for item in value]
        if depth == 0 and isinstance(value, str) and value.lstrip().startswith("{"):
            try:
                return self.document(vertex, attribute, json.loads(value), depth + 1)
            except (ValueError, RecursionError):
                return Unknown(f"{attribute} is no JSON that could be read")
        return self.text(vertex, attribute, value) if not isinstance(value, bool) else value

    def _bare(self, vertex: Vertex, attribute: str, value: str) -> Text:
        reference = reference_in(value)
        if reference:
            return self._reference(vertex, attribute, reference)
        if not _may_be_expression(value):
            return value
        pieces = _without_braces(value)
        if pieces is None:
            return _computed(vertex, value)
        return text(*(self._bare(vertex, attribute, piece) for piece in pieces))

    def _expression(self, vertex: Vertex, attribute: str, expression: str) -> Text:
        reference = reference_in(expression)
        if reference:
            return self._reference(vertex, attribute, reference)
        return _computed(vertex, expression)

    def _reference(self, vertex: Vertex, attribute: str, reference: re.Match[str]) -> Text:
        """The value of ``type.name[index].attribute``: what the other block says, or that block's own unknown."""
        wanted, kind = reference["attribute"], reference["type"]
        target = self._target(vertex, attribute, reference)
        if target is None:
            return Unknown(f"{reference[0]} is known only when Terraform runs", f"{root_folder(vertex)}|{reference[0]}")
        computed = _COMPUTED.get((kind, wanted))
        if computed and reference["address"].startswith("data."):
            return computed(self._place_of_data(target, vertex))
        return self.attribute_of(target, wanted)

    def target(self, vertex: Vertex, attribute: str) -> Vertex | None:
        """The resource or data source that an attribute refers to; ``None`` when it is no reference to a single one.

        Where that passes on a reference of its own, Checkov has put the latter in place, but not its edge.
        """
        raw = self._graph.value(vertex, attribute)
        reference = reference_in(raw.removeprefix("${").removesuffix("}")) if isinstance(raw, str) else None
        targets = self._graph.targets(vertex, attribute) if reference else []
        if reference is None or len(targets) != 1 or local_address(targets[0]) == reference["address"]:
            return self._target(vertex, attribute, reference) if reference else None
        return targets[0] if module_of(targets[0]) == module_of(vertex) else None

    def _target(self, vertex: Vertex, attribute: str, reference: re.Match[str]) -> Vertex | None:
        targets = [
            target
            for target in self._graph.targets(vertex, attribute)
            if local_address(target) == reference["address"] and same_instance(target, reference["index"] or "")
        ]
        return targets[0] if len(targets) == 1 else None

    def _place_of_data(self, data: Vertex, reader: Vertex) -> Place:
        """The place of a data source. Checkov does not say which provider a module's call hands down to it."""
        own = bool(data.get("provider")) or not data.get("source_module_object_")
        if own or reader.get("provider") or module_of(data) != module_of(reader):
            return self.place(data) if own else self._places.unknown(data)
        return self.place(reader)

    def attribute_of(self, vertex: Vertex, attribute: str) -> Text:
        """An attribute of a resource for one that refers to it: known, composed (``arn``), or its own unknown."""
        wanted = (str(vertex.get("resource_type")), attribute)
        compose = COMPOSED.get(wanted) or API_COMPOSED.get(wanted)
        if compose:
            return self._composed(compose, vertex, attribute)
        value = self._graph.value(vertex, attribute)
        plain = isinstance(value, str) and value and attribute not in ("arn", "id") and "${" not in value
        if plain and not _may_be_expression(value) and not reference_in(value):
            return str(value)
        return self.of(vertex, attribute)

    def _composed(self, compose: Compose, vertex: Vertex, attribute: str) -> Text:
        resolving = (id(vertex), attribute)
        if resolving in self._resolving:  # it refers to itself
            return self.of(vertex, attribute)
        self._resolving.add(resolving)
        try:
            return compose(self, vertex)
        finally:
            self._resolving.discard(resolving)

    def of(self, vertex: Vertex, attribute: str) -> Text:
        """An attribute that AWS sets: unknown, but the same wherever it is referred to."""
        address = str(vertex.get("__address__"))
        data = "data." if vertex.get("block_type_") == "data" and not address.startswith("data.") else ""
        shown = f"{data}{address}.{attribute}"
        return given(vertex, attribute, f"{shown} is known only when Terraform runs", f"{root_folder(vertex)}|{shown}")


def given(vertex: Vertex, attribute: str, reason: str, symbol: str) -> Unknown:
    """An attribute that AWS sets. reason, symbol: of the unknown value."""
    kind = str(vertex.get("resource_type"))
    if (kind, attribute) in WITH_ID:
        return Identifier(reason, symbol)
    if kind.startswith("aws_") and is_name(attribute):
        return Given(reason, symbol, key_of(vertex))
    return Unknown(reason, symbol)


_COMPUTED: dict[tuple[str, str], Callable[[Place], Text]] = {
    ("aws_caller_identity", "account_id"): lambda place: place.account,
    ("aws_region", "name"): lambda place: place.region,
    ("aws_region", "region"): lambda place: place.region,
    ("aws_region", "id"): lambda place: place.region,
    ("aws_partition", "partition"): lambda place: place.partition,
    ("aws_partition", "dns_suffix"): lambda place: _dns_suffix(place.partition),
}


def _dns_suffix(partition: Text) -> Text:
    """Source: https://docs.aws.amazon.com/general/latest/gr/rande.html"""
    if isinstance(partition, Unknown):
        return Unknown(partition.reason, f"dns suffix of {partition.symbol}")
    suffixes = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
    return suffixes.get(partition) or Unknown(f"the DNS suffix of {partition} is not known")


def _shown(vertex: Vertex, attribute: str) -> str:
    """An attribute for a reader."""
    return f"{attribute} of {vertex['__address__']}" if vertex.get("__address__") else attribute


def _computed(vertex: Vertex, expression: str) -> Unknown:
    """The value of an expression: unknown, but the same wherever one module says the same, unless it varies."""
    reason = f"{expression} has no known value"
    return Unknown(reason) if _VARYING.search(expression) else Computed(reason, f"{module_of(vertex)}|{expression}")


def reference_in(value: str) -> re.Match[str] | None:
    """Groups address, type, name, index and attribute when the whole text is ``type.name[index].attribute``."""
    return _REFERENCE.fullmatch(value) if len(value) <= _LONGEST_REFERENCE else None


def _may_be_expression(value: str) -> bool:
    """Whether Terraform may have to compute the text: better taken for an expression than for a literal."""
    if value.startswith(("[", "{")) or value in ("None", "null") or _EXPRESSION.search(value):
        return True
    question = -1 if _LITERAL_ARN.match(value) else value.find("?")
    return question > 0 and value.find(":", question) > 0


def _without_braces(value: str) -> list[str] | None:
    """The pieces of an ARN in which Checkov dropped the ``${}`` around references that stand between its colons.

    ``None`` where it is not certain where a reference ends.
    """
    if len(value) > _LONGEST_REFERENCE:
        return None
    pieces = _SEPARATOR.split(value)
    first = reference_in(pieces[0])
    if pieces[0] != "arn" and not (first and first["attribute"].endswith("arn")):
        return None
    if any(_may_be_expression(piece) and not reference_in(piece) for piece in pieces):
        return None
    return pieces


def split_template(value: str) -> list[tuple[str, str]]:
    """Split ``a${b}c`` to pairs of ``text`` or ``expression`` and what it is; ``$${`` stays text."""
    pieces: list[tuple[str, str]] = []
    position = start = 0
    while (opening := value.find("${", position)) >= 0:
        if value[opening - 1 : opening] == "$" and opening > 0:
            position = opening + 2
            continue
        closing = _closing_brace(value, opening + 2)
        if closing < 0:
            break
        if opening > start:
            pieces.append(("text", value[start:opening]))
        pieces.append(("expression", value[opening + 2 : closing].strip()))
        position = start = closing + 1
    if start < len(value) or not pieces:
        pieces.append(("text", value[start:]))
    return pieces


def _closing_brace(value: str, position: int) -> int:
    depth, quoted = 1, False
    for index in range(position, len(value)):
        char = value[index]
        if char == '"' and value[index - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0:
            return index
    return -1
