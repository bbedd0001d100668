"""What the properties of a template's resources say, and what ``!Ref`` and ``!GetAtt`` of a resource give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.arn import partitions_in
from rolecall.iac.cloudformation_arns import COMPOSED, WITH_ID
from rolecall.iac.intrinsics import ABSENT, Intrinsics
from rolecall.iac.intrinsics_written import resource_and_attribute
from rolecall.iac.template import Declared, Template
from rolecall.model import Document
from rolecall.unknown import Given, Identifier, Text, Unknown, is_name

_BARE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}", re.ASCII)


# Resources whose attributes are whatever their author made them.
_MADE_UP_BY_AUTHORS = ("AWS::CloudFormation::", "AWS::ServiceCatalog::", "AWS::Serverless::")


class TemplateValues:
    """Reads one template."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.intrinsics = Intrinsics(
            template.parameters,
            template.conditions,
            template.mappings,
            self.attribute_of,
            template.file,
            partitions_in([declared.properties for declared in template.resources.values()]),
        )
        self._by_type: dict[str, list[Declared]] = {}
        for declared in template.resources.values():
            self._by_type.setdefault(declared.type, []).append(declared)
        self._known: dict[tuple[str, str], Text] = {}
        self._resolving: set[tuple[str, str]] = set()

    def of_type(self, *types: str) -> Iterator[Declared]:
        """The resources of these types, whatever their condition."""
        for kind in types:
            yield from self._by_type.get(kind, ())

    def made(self, *types: str) -> Iterator[Declared]:
        """The resources that the stack makes: not those whose condition the parameters' defaults make false."""
        return (declared for declared in self.of_type(*types) if self.is_made(declared))

    def is_made(self, declared: Declared) -> bool:
        return not declared.condition or self.intrinsics.condition(declared.condition) is not False

    def certainly_made(self, declared: Declared) -> bool:
        return not declared.condition or self.intrinsics.condition(declared.condition) is True

    def get(self, declared: Declared, name: str) -> Text | None:
        """A property as text; ``None`` when it is absent or empty."""
        return self.intrinsics.text(declared.properties.get(name))

    def value(self, declared: Declared, *path: str) -> Any:
        """A property, or what is nested in it, with its intrinsics resolved; ``None`` when it is absent."""
        value: Any = self.intrinsics.value(declared.properties.get(path[0]))
        for name in path[1:]:
            if isinstance(value, Unknown):
                return value
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def blocks(self, declared: Declared, *path: str) -> list[Mapping[str, Any] | Unknown]:
        """The objects in a list property (or the one object in its place), with their intrinsics resolved."""
        value = self.value(declared, *path)
        listed = value if isinstance(value, list) else [] if value in (None, ABSENT) else [value]
        return [item for item in listed if isinstance(item, (Mapping, Unknown))]

    def properties(self, declared: Declared) -> Mapping[str, Any]:
        """All properties with their intrinsics resolved."""
        resolved = self.intrinsics.value(declared.properties)
        return resolved if isinstance(resolved, Mapping) else {}

    def attribute_of(self, logical: str, attribute: str) -> Text:
        """What ``!Ref logical`` (attribute ``""``) or ``!GetAtt logical.attribute`` gives."""
        wanted = (logical, attribute)
        if wanted in self._known:
            return self._known[wanted]
        declared = self.template.resources.get(logical)
        compose = COMPOSED.get((declared.type, attribute)) if declared else None
        if declared is None or compose is None or wanted in self._resolving:  # it may refer to itself
            return self.of(logical, attribute)
        self._resolving.add(wanted)
        try:
            self._known[wanted] = compose(self, declared)
        finally:
            self._resolving.discard(wanted)
        return self._known[wanted]

    def of(self, logical: str, attribute: str, *, made: bool = False) -> Unknown:
        """An attribute that AWS sets: unknown, but the same wherever it is referred to.

        made: CloudFormation makes it, a name that no other resource has.
        """
        what = f"{logical}.{attribute}" if attribute else logical
        declared = self.template.resources.get(logical)
        reason, symbol = f"{what} is known only when the stack is deployed", f"{self.template.file}|{what}"
        if made or (declared is not None and (declared.type, attribute) in WITH_ID):
            return Identifier(reason, symbol)
        if declared is None:
            return Unknown(reason, symbol)
        of_aws = declared.type.startswith("AWS::") and not declared.type.startswith(_MADE_UP_BY_AUTHORS)
        if of_aws and (attribute == "" or is_name(attribute)):
            return Given(reason, symbol, f"{self.template.file}|{logical}")
        return Unknown(reason, symbol)

    def may_be_left_out(self, declared: Declared, *path: str) -> bool:
        """Whether it depends on a condition that is not decided if a value is there at all. path: to it."""
        raw: Any = declared.properties
        for name in path:
            raw = raw.get(name) if isinstance(raw, Mapping) else None
        chosen = self.chosen(raw)
        branches = chosen.get("Fn::If") if isinstance(chosen, Mapping) else None
        listed = branches if isinstance(branches, list) else []
        return any(isinstance(branch, Mapping) and branch.get("Ref") == "AWS::NoValue" for branch in listed)

    def chosen(self, raw: Any) -> Any:
        """The branch of ``Fn::If`` that the parameters' defaults choose; the value itself when that is not known."""
        if isinstance(raw, dict) and isinstance(raw.get("Fn::If"), list) and len(raw["Fn::If"]) == 3:
            holds = self.intrinsics.condition(raw["Fn::If"][0])
            if holds is not None:
                return raw["Fn::If"][1 if holds else 2]
        return raw


def document_of(value: Any) -> Document:
    """A policy document, given as an object or as JSON text. value: with its intrinsics resolved."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return Unknown("written as text that is no JSON")
    if isinstance(value, (Mapping, Unknown)):
        return value
    return Unknown("missing" if value in (None, ABSENT) else "not an object")


def target_of(raw: Any) -> tuple[str, str]:
    """Logical ID and attribute that ``!Ref`` (attribute ``""``), ``!GetAtt`` or a bare ``!Sub ${X.Arn}`` names."""
    if not isinstance(raw, dict):
        return "", ""
    if isinstance(raw.get("Ref"), str):
        return str(raw["Ref"]), ""
    if "Fn::GetAtt" in raw:
        return resource_and_attribute(raw["Fn::GetAtt"])
    template = raw.get("Fn::Sub")
    found = _BARE.fullmatch(template) if isinstance(template, str) and len(template) < 512 else None
    return (found[1], found[2] or "") if found else ("", "")
