"""``data.aws_iam_policy_document``: from its blocks to the policy that Terraform renders.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from typing import Any

from rolecall.iac.terraform_graph import TerraformGraph, Vertex
from rolecall.iac.terraform_values import TerraformValues
from rolecall.model import Document
from rolecall.unknown import Unknown, parts_of, text

_MAX_SOURCES = 20


class PolicyDocuments:
    """Builds documents of one graph's data sources."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues) -> None:
        self._graph = graph
        self._values = values

    def of(self, vertex: Vertex, attribute: str) -> Document:
        """The policy document in an attribute: ``jsonencode``, JSON text, or a reference to a data source."""
        raw = self._graph.value(vertex, attribute)
        if isinstance(raw, Unknown):
            return raw
        if isinstance(raw, dict) or (isinstance(raw, str) and raw.lstrip().startswith("{")):
            document = self._values.document(vertex, attribute, raw)
            return document if isinstance(document, (dict, Unknown)) else Unknown(f"{attribute} is not an object")
        sources = [t for t in self._graph.targets(vertex, attribute) if _is_document(t)]
        if len(sources) == 1 and isinstance(raw, str) and raw.endswith((".json", ".minified_json")):
            return self.build(sources[0])
        return Unknown(f"written as {_short(raw)}, which is known only when Terraform runs")

    def build(self, vertex: Vertex, depth: int = 0) -> Document:
        """The document that one data source renders, its source and override documents merged in."""
        if depth > _MAX_SOURCES:
            return Unknown("built from too many documents")
        statements: list[Any] = []
        for attribute in ("source_json", "source_policy_documents"):
            statements = _merge(statements, self._sources(vertex, attribute, depth))
        own = [self._statement(vertex, raw) for raw in _listed(self._graph.value(vertex, "statement"))]
        if _has_dynamic(vertex, "statement"):
            own.append(Unknown("a dynamic statement block is known only when Terraform runs"))
        statements = _merge(statements, own)
        for attribute in ("override_json", "override_policy_documents"):
            statements = _merge(statements, self._sources(vertex, attribute, depth))
        return {"Version": vertex.get("version") or "2012-10-17", "Statement": statements}

    def _sources(self, vertex: Vertex, attribute: str, depth: int) -> list[Any]:
        """The statements of the documents that an attribute lists."""
        statements: list[Any] = []
        raw = self._graph.value(vertex, attribute)
        listed = raw if isinstance(raw, list) else [raw] if raw else []
        targets = [target for target in self._graph.targets(vertex, attribute) if _is_document(target)]
        for item in listed:
            if isinstance(item, Unknown):
                document: Any = item
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
        if raw.get("condition"):
            statement["Condition"] = self._conditions(vertex, _listed(raw["condition"]))
        if _has_dynamic(raw, "condition"):
            statement["Condition"] = Unknown("a dynamic condition block is known only when Terraform runs")
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
            principals.setdefault(kind, []).append(Unknown("a dynamic block is known only when Terraform runs"))
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
