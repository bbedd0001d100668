"""``data.aws_iam_policy_document``: from its blocks to the policy that Terraform renders.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import ast
import re
from typing import Any

from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, source_lines
from rolecall.model import Document
from rolecall.unknown import Unknown, parts_of, text

_MAX_SOURCES = 20
_LONGEST = 100_000


class PolicyDocuments:
    """Builds documents of one graph's data sources."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues) -> None:
        self._graph = graph
        self._values = values

    def of(self, vertex: Vertex, attribute: str) -> Document:
        """The policy document in an attribute: ``jsonencode``, JSON text, or a reference to a data source."""
        return self.read(vertex, attribute, self._graph.value(vertex, attribute))

    def read(self, vertex: Vertex, attribute: str, raw: Any, depth: int = 0) -> Document:
        """The policy document that (a part of) an attribute holds. raw: that part. depth: of documents in documents."""
        if isinstance(raw, Unknown):
            return raw
        if isinstance(raw, str) and "jsonencode({" in raw[:15]:
            raw = _encoded(raw)
        if isinstance(raw, dict) or (isinstance(raw, str) and raw.lstrip().startswith("{")):
            document = self._values.document(vertex, attribute, raw)
            return document if isinstance(document, (dict, Unknown)) else Unknown(f"{attribute} is not an object")
        sources = [t for t in self._graph.targets(vertex, attribute) if _is_document(t)]
        if isinstance(raw, str) and raw.endswith((".json", ".minified_json")):
            if len(sources) > 1:  # several in one attribute, of which raw names one
                sources = [t for t in sources if raw.startswith(f"data.{t.get('block_name_')}.")]
            if len(sources) == 1:
                return self.build(sources[0], depth)
        return Unknown(f"written as {_short(raw)}, which is known only when Terraform runs")

    def build(self, vertex: Vertex, depth: int = 0) -> Document:
        """The document that one data source renders, its source and override documents merged in."""
        if depth > _MAX_SOURCES:
            return Unknown("built from too many documents")
        composed, address = _composed_lists(vertex), f"data.{vertex.get('block_name_')}"
        statements: list[Any] = []
        for attribute in ("source_json", "source_policy_documents"):
            statements = _merge(statements, self._sources(vertex, attribute, attribute in composed, depth))
        own = [self._statement(vertex, raw) for raw in _listed(self._graph.value(vertex, "statement"))]
        if _has_dynamic(vertex, "statement"):
            own.append(Unknown(f"a dynamic statement block of {address} is known only when Terraform runs"))
        if "identifiers" in composed:
            own = [_with_more_principals(statement, address) for statement in own]
        if "values" in composed:
            own = [_with_unknown_condition(statement, address) for statement in own]
        statements = _merge(statements, own)
        for attribute in ("override_json", "override_policy_documents"):
            overriding = self._sources(vertex, attribute, attribute in composed, depth)
            if any(isinstance(statement, Unknown) for statement in overriding):
                statements = [_may_be_replaced(statement) for statement in statements]
            statements = _merge(statements, overriding)
        return {"Version": vertex.get("version") or "2012-10-17", "Statement": statements}

    def _sources(self, vertex: Vertex, attribute: str, composed: bool, depth: int) -> list[Any]:
        """The statements of the documents that an attribute lists. composed: the list may have more of them."""
        statements: list[Any] = []
        raw = self._graph.value(vertex, attribute)
        listed = list(raw) if isinstance(raw, list) else [raw] if raw else []
        if composed:
            listed.append(Unknown(f"{attribute} of data.{vertex.get('block_name_')} is composed when Terraform runs"))
        targets = [target for target in self._graph.targets(vertex, attribute) if _is_document(target)]
        for item in listed:
            if isinstance(item, Unknown):
                document: Any = self.read(vertex, attribute, item, depth + 1)
            elif isinstance(item, dict) or (isinstance(item, str) and item.lstrip().startswith("{")):
                document = self._values.document(vertex, attribute, item)
            else:
                document = Unknown(f"{_short(item)} is known only when Terraform runs")
                named = [t for t in targets if str(item).startswith(f"data.{t.get('block_name_')}.")]
                if len(named) == 1:
                    document = self.build(named[0], depth + 1)
            known = document.get("Statement", []) if isinstance(document, dict) else document
            statements = _merge(statements, known if isinstance(known, list) else [known])
        return statements

    def _statement(self, vertex: Vertex, raw: Any) -> Any:
        if isinstance(raw, Unknown):
            return raw
        if not isinstance(raw, dict):
            return Unknown("a statement block could not be read")
        statement: dict[str, Any] = {"Effect": self._one(vertex, raw.get("effect") or "Allow")}
        if raw.get("sid"):
            statement["Sid"] = self._one(vertex, raw["sid"])
        for block, key in (("actions", "Action"), ("not_actions", "NotAction")):
            if raw.get(block):
                statement[key] = self._many(vertex, raw[block])
        for block, key in (("resources", "Resource"), ("not_resources", "NotResource")):
            if raw.get(block):
                statement[key] = self._many(vertex, raw[block])
        for block, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            dynamic = _has_dynamic(raw, block)
            if raw.get(block) or dynamic:
                statement[key] = self._principals(vertex, _listed(raw.get(block)), dynamic)
        name = vertex.get("block_name_")
        if raw.get("condition"):
            statement["Condition"] = self._conditions(vertex, _listed(raw["condition"]))
        if _has_dynamic(raw, "condition"):
            statement["Condition"] = Unknown(
                f"a dynamic condition block of data.{name} is known only when Terraform runs"
            )
        return statement

    def _principals(self, vertex: Vertex, blocks: list[Any], dynamic: bool) -> Any:
        """The blocks' principals; dynamic ones come on top of those that are written out."""
        principals: dict[str, Any] = {}
        for block in blocks:
            kind = self._one(vertex, block.get("type")) if isinstance(block, dict) else Unknown("a principals block")
            if isinstance(kind, Unknown):
                return kind
            identifiers = self._many(vertex, block.get("identifiers"))
            if kind == "*":
                return "*"
            principals.setdefault(kind, []).extend(identifiers)
        for kind in ("AWS", "Service") if dynamic else ():
            principals.setdefault(kind, []).append(
                Unknown(
                    f"a dynamic principals block of data.{vertex.get('block_name_')} is known only when Terraform runs"
                )
            )
        return principals

    def _conditions(self, vertex: Vertex, blocks: list[Any]) -> Any:
        conditions: dict[str, dict[str, list[Any]]] = {}
        for block in blocks:
            test = self._one(vertex, block.get("test")) if isinstance(block, dict) else Unknown("a condition block")
            key = self._one(vertex, block.get("variable")) if isinstance(block, dict) else Unknown("a condition block")
            if isinstance(test, Unknown) or isinstance(key, Unknown):
                return test if isinstance(test, Unknown) else key
            conditions.setdefault(test, {}).setdefault(key, []).extend(self._many(vertex, block.get("values")))
        return conditions

    def _one(self, vertex: Vertex, value: Any) -> Any:
        """A text of a statement; ``&{...}`` is how Terraform writes the policy variable ``${...}``."""
        given = self._values.text(vertex, "statement", value)
        return text(*(part.replace("&{", "${") if isinstance(part, str) else part for part in parts_of(given)))

    def _many(self, vertex: Vertex, values: Any) -> list[Any]:
        if isinstance(values, (list, tuple, set)):
            return [self._one(vertex, value) for value in values]
        given = self._one(vertex, values)
        return [given]


_LISTS = ("identifiers", "values", "source_policy_documents", "override_policy_documents")
_COMPOSING = re.compile(r"\bfor\b|\w\(|\?", re.ASCII)
_WHOLE_LIST = re.compile(r"\b(?:var|local|each|module)\.", re.ASCII)  # in brackets each element is looked at alone
_STRING = re.compile(r'"[^"$]{0,1000}"', re.ASCII)


def _composed_lists(vertex: Vertex) -> set[str]:
    """Which lists of a block are composed by an expression: Checkov may have rendered less than all of their elements.

    Read from the source, since the graph does not show it.
    """
    found = set()
    inside = ""
    for line in source_lines(vertex):
        name, equals, expression = line.partition("=")
        starts = bool(equals) and name.strip() in _LISTS
        if starts:
            inside = name.strip()
        rest = _STRING.sub("", expression if starts else line)
        if inside and (_COMPOSING.search(rest) or (starts and "[" not in rest and _WHOLE_LIST.search(rest))):
            found.add(inside)
        if "]" in rest or (starts and "[" not in rest):
            inside = ""
    return found


def _with_more_principals(statement: Any, address: str) -> Any:
    principal = statement.get("Principal") if isinstance(statement, dict) else None
    if not isinstance(principal, dict):
        return statement
    more = Unknown(f"identifiers of {address} are composed when Terraform runs")
    return {**statement, "Principal": {kind: [*values, more] for kind, values in principal.items()}}


def _with_unknown_condition(statement: Any, address: str) -> Any:
    if not isinstance(statement, dict) or "Condition" not in statement:
        return statement
    return {**statement, "Condition": Unknown(f"values of a condition of {address} are composed when Terraform runs")}


def _may_be_replaced(statement: Any) -> Any:
    """A statement with a Sid gives way to one of an overriding document, if that has one of the same Sid."""
    if isinstance(statement, dict) and statement.get("Sid"):
        return Unknown(f"statement {statement['Sid']} may be replaced by a document that is not known")
    return statement


def _merge(before: list[Any], after: list[Any]) -> list[Any]:
    """A later statement replaces an earlier one of the same Sid."""
    sids = {s["Sid"] for s in after if isinstance(s, dict) and isinstance(s.get("Sid"), str) and s["Sid"]}
    return [s for s in before if not (isinstance(s, dict) and s.get("Sid") in sids)] + after


def _is_document(vertex: Vertex) -> bool:
    return vertex.get("resource_type") == "data.aws_iam_policy_document"


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _has_dynamic(block: dict[str, Any], name: str) -> bool:
    """Whether a block has ``dynamic "name"``: Checkov may or may not have expanded it, so nothing is known."""
    return any(name in item for item in _listed(block.get("dynamic")) if isinstance(item, dict))


def _short(value: Any) -> str:
    shown = " ".join(str(value).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


# Where a reference stands in a text twice, Checkov quotes the second one again.
_QUOTED_TWICE = re.compile(r"''((?:data\.)?[a-z][a-z0-9_]{1,60}\.[\w.-]{1,200})''", re.ASCII)


def _encoded(raw: str) -> Any:
    """What ``${jsonencode(...)}``, or the same without braces, holds: Python's writing, where Checkov could not work
    out all of it.

    The text itself when that cannot be read.
    """
    whole = raw.removeprefix("${").removesuffix("}") if raw.startswith("${") else raw
    if len(raw) > _LONGEST or not (whole.startswith("jsonencode({") and whole.endswith("})")):
        return raw
    try:
        return ast.literal_eval(_QUOTED_TWICE.sub(r"'\1'", whole.removeprefix("jsonencode(").removesuffix(")")))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return raw
