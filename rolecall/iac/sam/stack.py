"""The template while it is expanded, and what one event of it needs to know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rolecall.iac.sam.merge import with_globals
from rolecall.iac.sam.policies import ExecutionRole
from rolecall.iac.sam.values import arn_of, cleaned, is_intrinsic, mapping, sub
from rolecall.iac.template import Declared, Template
from rolecall.unknown import Unknown

PREFIX = "AWS::Serverless::"


class Stack:
    """A template's resources and conditions, which the expansion changes.

    written: the template that came in. renamed: ``Function.Alias`` and the like, to the logical ID it stands for.
    routes: what events add to APIs, by the API's logical ID. defaults: API and function of each default route among
    them.
    """

    def __init__(self, template: Template) -> None:
        self.written = template
        self.resources: dict[str, Declared] = dict(template.resources)
        self.conditions: dict[str, Any] = dict(mapping(template.conditions))
        self.renamed: dict[str, str] = {}
        self.routes: dict[str, list[Route]] = {}
        self.defaults: set[tuple[str, str]] = set()
        self._known: dict[int, tuple[Any, Any]] = {}
        self._globals = {name: self.clean(given) for name, given in mapping(template.globals).items()}

    def clean(self, value: Any) -> Any:
        return cleaned(value, self._known)

    def properties(self, declared: Declared) -> Mapping[str, Any]:
        """A resource's properties, those of ``Globals`` included."""
        own = self.clean(declared.properties)
        shared = self._globals.get(declared.type.removeprefix(PREFIX)) if declared.type.startswith(PREFIX) else None
        return with_globals(shared, own if isinstance(own, dict) else {}, declared.attributes.get("IgnoreGlobals"))

    def literal(self, value: Any, what: str) -> Any:
        """A value that SAM itself must know: what is written, or a parameter's default."""
        if is_intrinsic(value):
            name = value.get("Ref")
            declared = mapping(self.written.parameters).get(name) if isinstance(name, str) else None
            stored = str(mapping(declared).get("Type")).startswith("AWS::SSM::")  # the default is where the value is
            default = None if stored else mapping(declared).get("Default")
            if default is not None:
                return default
            symbol = f"{self.written.file}|{name}" if isinstance(name, str) else ""
            return Unknown(f"{what} is known only when the stack is deployed", symbol)
        return value

    def add(
        self,
        logical: str,
        kind: str,
        properties: Mapping[str, Any],
        source: Declared,
        condition: str | None = None,
        part: str = "",
    ) -> None:
        """Add a resource that SAM makes of another.

        condition: instead of the source's. part: what of the source it is made of, for a reader (``event Nightly``).
        """
        self.resources[logical] = Declared(
            logical=logical,
            type=kind,
            properties={name: value for name, value in properties.items() if value is not None},
            condition=source.condition if condition is None else condition,
            lines=source.lines,
            origin=source.origin or source.logical,
            attributes=source.attributes if logical == source.logical else {},
            made_for=f"the {part} of {source.address}" if part else "",
        )

    def held(self, declared: Declared) -> Mapping[str, Any]:
        """The properties that a resource has by now."""
        as_written = declared is self.written.resources.get(declared.logical)
        return self.properties(declared) if as_written else declared.properties

    def change(self, logical: str, properties: Mapping[str, Any]) -> None:
        """Give a resource other properties."""
        self.resources[logical] = replace(self.resources[logical], properties=properties)

    def unless(self, condition: str) -> str:
        """The name of the opposite condition, which SAM adds to the template."""
        name = f"NOT{condition}"
        self.conditions[name] = {"Fn::Not": [{"Condition": condition}]}
        return name

    def both(self, first: str, second: str) -> str:
        """The name of a condition under which both hold."""
        if not first or not second:
            return first or second
        name = f"{first}AND{second}"
        self.conditions[name] = {"Fn::And": [{"Condition": first}, {"Condition": second}]}
        return name

    def any_of(self, name: str, conditions: list[str]) -> str:
        """The name of a condition under which one of several holds."""
        if len(set(conditions)) == 1:
            return conditions[0]
        self.conditions[name] = {"Fn::Or": [{"Condition": condition} for condition in sorted(set(conditions))]}
        return name


@dataclass(frozen=True)
class Route:
    """What an event adds to an API. source: the SAM resource that has the event. auth: the event's ``Auth``."""

    source: Declared
    path: str
    method: str
    integration: Mapping[str, Any]
    auth: Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """What events call: a function, its alias, or a state machine.

    source: the SAM resource. name: as ``FunctionName`` of a permission. arn: as the target of a rule.
    """

    source: Declared
    name: Any
    arn: Any

    def inside(self, before: str, after: str) -> Any:
        """A text with the ARN in it."""
        if isinstance(self.arn, Mapping) and "Ref" in self.arn:
            return sub(f"{before}${{{self.arn['Ref']}}}{after}")
        if self.arn == arn_of(self.source.logical):
            return sub(f"{before}${{{self.source.logical}.Arn}}{after}")
        return {"Fn::Join": ["", [sub(before), self.arn, after]]}


@dataclass(frozen=True)
class Event:
    """One event of a function or state machine.

    name: of the event. role: the execution role that SAM makes, whether or not the function uses it.
    """

    stack: Stack
    name: str
    given: Mapping[str, Any]
    target: Target
    role: ExecutionRole

    @property
    def logical(self) -> str:
        """What SAM builds other logical IDs on."""
        return self.target.source.logical + self.name

    def add(self, suffix: str, kind: str, properties: Mapping[str, Any]) -> str:
        """Add a resource; returns its logical ID."""
        logical = self.logical + suffix
        self.stack.add(logical, kind, properties, self.target.source, part=f"event {self.name}")
        return logical

    def permit(self, principal: str, suffix: str = "", prefix: str = "", **parameters: Any) -> None:
        """Let a service call the function."""
        self.stack.add(
            f"{prefix or self.logical}Permission{suffix if suffix.isalnum() else hashed(suffix)}",
            "AWS::Lambda::Permission",
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": self.target.name,
                "Principal": principal,
                **parameters,
            },
            self.target.source,
            part=f"event {self.name}",
        )

    def property(self, name: str) -> Any:
        """A property that must be there."""
        value = self.given.get(name)
        return Unknown(f"{name} of the event {self.logical} is missing") if value is None else value

    def dead_letter_arn(self) -> Any:
        """The queue for events that cannot be delivered, which SAM makes when only its type is given."""
        config = mapping(self.given.get("DeadLetterConfig"))
        if not config or config.get("Arn") is not None:
            return config.get("Arn")
        logical = config.get("QueueLogicalId")
        logical = logical if isinstance(logical, str) and logical else f"{self.logical}Queue"
        self.stack.add(logical, "AWS::SQS::Queue", {}, self.target.source)
        return arn_of(logical)


def hashed(text: str) -> str:
    """What SAM appends to a logical ID for a text that is not alphanumeric."""
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:10] if text else ""


def trust(service: str) -> dict[str, Any]:
    """The trust policy that SAM gives to a role for a service."""
    statement = {"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": [service]}}
    return {"Version": "2012-10-17", "Statement": [statement]}
