"""The execution roles that SAM makes, and what its property ``Policies`` may hold.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.data import managed_policy_path, policy_template
from rolecall.iac.sam.values import NO_VALUE, choice, is_intrinsic, is_no_value, listed, sub
from rolecall.unknown import Unknown

_NESTED = 8  # of Fn::If in Fn::If; each doubles the work, and SAM itself takes one


class ExecutionRole:
    """A role under construction. managed: ARNs of managed policies. inline: policies with name and document."""

    def __init__(self) -> None:
        self.managed: list[Any] = []
        self.inline: list[Any] = []

    def attach(self, arn: Any) -> None:
        if arn not in self.managed:
            self.managed.append(arn)

    def allow(self, name: str, *statements: Any, version: bool = False) -> None:
        """Add an inline policy, once for each document."""
        document = {**({"Version": "2012-10-17"} if version else {}), "Statement": list(statements)}
        if not any(isinstance(held, Mapping) and held.get("PolicyDocument") == document for held in self.inline):
            self.inline.append({"PolicyName": name, "PolicyDocument": document})

    def doubt(self, reason: str) -> None:
        """The role may hold more than is known."""
        self.inline.append(Unknown(reason))

    def add(self, policies: Any, role: str) -> None:
        """What the property ``Policies`` adds. role: the logical ID of the role."""
        for number, entry in enumerate(listed(policies)):
            kind, policy = _policy(entry, f"{role}Policy{number}")
            if kind == "managed":
                self.attach(policy)
            elif kind:
                self.inline.append(policy)

    def properties(self, trust_policy: Any, **others: Any) -> dict[str, Any]:
        return {
            "AssumeRolePolicyDocument": trust_policy,
            "ManagedPolicyArns": self.managed or None,
            "Policies": self.inline or None,
            **others,
        }


def managed_arn(name: str) -> Any:
    """The ARN of an AWS managed policy. name: with its path."""
    return sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{name}")


def allow(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _policy(entry: Any, name: str, depth: int = 0) -> tuple[str, Any]:
    """What one entry is, ``managed`` or ``inline``, and the policy; an empty kind for none at all."""
    if isinstance(entry, Unknown):
        return "inline", entry
    if depth > _NESTED:
        return "inline", Unknown("Policies has Fn::If nested too deeply")
    if isinstance(entry, str):
        path = managed_policy_path(entry)
        return "managed", entry if path is None else managed_arn(path + entry)
    if is_no_value(entry):
        return "", NO_VALUE
    if choice(entry) is not None:
        return _chosen(entry, name, depth + 1)
    if is_intrinsic(entry):
        return "managed", entry
    if isinstance(entry, Mapping) and "Statement" in entry:
        return "inline", {"PolicyName": name, "PolicyDocument": entry}
    if isinstance(entry, Mapping) and len(entry) == 1:
        title, parameters = next(iter(entry.items()))
        return "inline", {"PolicyName": name, "PolicyDocument": _document(title, parameters)}
    return "inline", Unknown("Policies has an entry that SAM does not know")


def _chosen(entry: Any, name: str, depth: int) -> tuple[str, Any]:
    condition, *branches = choice(entry) or ("", None, None)
    made = [_policy(branch, name, depth) for branch in branches]
    kinds = {kind for kind, _ in made if kind}
    if len(kinds) > 1:
        return "inline", Unknown("Policies has Fn::If between policies of different kinds")
    return next(iter(kinds), ""), {"Fn::If": [condition, *(policy for _, policy in made)]}


def _document(title: str, parameters: Any) -> Any:
    template = policy_template(title)
    if template is None:
        return Unknown(f"{title} is no policy template of SAM")
    given = parameters if isinstance(parameters, Mapping) else {}
    missing = [name for name in template["parameters"] if given.get(name) is None]
    if missing:
        return Unknown(f"the policy template {title} lacks its parameter {missing[0]}")
    return {"Statement": _filled(template["statements"], {name: given[name] for name in template["parameters"]})}


def _filled(value: Any, given: Mapping[str, Any]) -> Any:
    """The template with its parameters in their places."""
    if isinstance(value, list):
        return [_filled(item, given) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and value.get("Ref") in given:
        return given[value["Ref"]]
    return {key: _filled(item, given) for key, item in value.items()}
