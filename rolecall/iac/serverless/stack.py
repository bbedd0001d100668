"""The template that grows while a service is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rolecall.iac.serverless.service import Function, Service
from rolecall.unknown import Text

ROLE = "IamRoleLambdaExecution"


@dataclass
class Stack:
    """resources: as CloudFormation writes them, by logical ID. origins: the function that each was made for.

    making: what is being compiled, for a reader. made_for: what each resource was made for.
    granted, trusted: what each function's role must allow, and which services must assume it, by the function's key.
    """

    service: Service
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[str, Function] = field(default_factory=dict)
    making: str = ""
    made_for: dict[str, str] = field(default_factory=dict)
    granted: dict[str, list[Any]] = field(default_factory=dict)
    trusted: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self,
        logical: str,
        kind: str,
        properties: Mapping[str, Any],
        function: Function | None = None,
        **attributes: Any,
    ) -> dict[str, Any]:
        """Declare a resource; properties that are ``None`` are left out."""
        given = {name: value for name, value in properties.items() if value is not None}
        attributes = {name: value for name, value in attributes.items() if value}
        self.resources[logical] = {"Type": kind, "Properties": given, **attributes}
        if function is not None:
            self.origins[logical] = function
            self.say(function, logical)
        return self.resources[logical]

    def say(self, function: Function, *logicals: str) -> None:
        """Note whose event it is that resources are made for, where that is another function's than they belong to."""
        if self.making:
            self.made_for |= dict.fromkeys(logicals, f"{self.making} of {function.key}")

    def permit(
        self, logical: str, function: Function, principal: Any, source: Any = None, action: str = "InvokeFunction",
        **parameters: Any,
    ) -> None:  # fmt: skip
        """Let a service call the function, or its alias."""
        properties = {
            "FunctionName": function.target,
            "Action": f"lambda:{action}",
            "Principal": principal,
            "SourceArn": source,
        }
        self.add(logical, "AWS::Lambda::Permission", {**properties, **parameters}, function)

    def trust(self, function: Function, principal: str) -> None:
        """Let another service assume the function's role, where the framework makes that."""
        trusted = self.trusted.setdefault(function.key, [])
        trusted += [] if principal in trusted else [principal]
        if ROLE in self.resources:
            admit(self.resources[ROLE]["Properties"], principal)

    def grant(self, function: Function | None, *actions: str, on: Any, effect: str = "Allow") -> None:
        """Add a statement to the function's role, where the framework makes that. function: ``None``: for all."""
        if not on:
            return
        statement = {"Effect": effect, "Action": list(actions), "Resource": on}
        granted = [self.granted.setdefault(function.key, [])] if function is not None else []
        if ROLE in self.resources:
            granted.append(statements_of(self.resources[ROLE]["Properties"]))
        for statements in granted:
            if statement not in statements:
                statements.append(statement)


# compiles one kind of event of a function
Compile = Callable[[Stack, Function], None]


def statements_of(role: Mapping[str, Any]) -> list[Any]:
    """The statements of the one policy that a role has."""
    statements: list[Any] = role["Policies"][0]["PolicyDocument"]["Statement"]
    return statements


def admit(role: Mapping[str, Any], principal: str) -> None:
    """Let a service assume a role beside Lambda."""
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    trusted += [] if principal in trusted else [principal]


def arn(*pieces: Any) -> dict[str, Any]:
    """``arn:PARTITION`` and the pieces after it, joined."""
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, *pieces]]}


def here(service: str, *resource: Any) -> dict[str, Any]:
    """The ARN of something in the stack's own region and account."""
    return arn(f":{service}:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", *resource)


def log_group_arn(name: Text, ending: str) -> dict[str, Any]:
    return _named("logs", "log-group:", name, ending)


def function_arn(name: Text, ending: str = "") -> dict[str, Any]:
    return _named("lambda", "function:", name, ending)


def _named(service: str, kind: str, name: Text, ending: str) -> dict[str, Any]:
    if isinstance(name, str):
        return {
            "Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{kind}{name}{ending}"
        }
    return here(service, kind, name, ending)
