"""Which resource of a template a value means: the role of a function, the function that something calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from rolecall.arn import split_parts
from rolecall.iac.cloudformation_arns import function_arn, name_of, role_arn
from rolecall.iac.cloudformation_values import TemplateValues, target_of
from rolecall.iac.intrinsics_written import MAX_DEPTH, references_in
from rolecall.iac.template import Declared
from rolecall.model import Role, RoleReference
from rolecall.unknown import Text, Unknown, parts_of, same_as, text

FUNCTION, ROLE = "AWS::Lambda::Function", "AWS::IAM::Role"
QUALIFIED = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
# Resources whose attributes are whatever their author made them.
_OPAQUE = ("AWS::CloudFormation::", "AWS::ServiceCatalog::", "Custom::", "AWS::Serverless::")


class References:
    """Resolves references of one template. roles: its roles by logical ID."""

    def __init__(self, values: TemplateValues, roles: Mapping[str, Role]) -> None:
        self._values = values
        self._template = values.template
        self._roles = roles

    def role_of(self, declared: Declared, name: str = "Role") -> RoleReference:
        """The role that a property names."""
        raw = self._values.chosen(declared.properties.get(name))
        target, attribute = target_of(raw)
        given = self._values.intrinsics.text(raw)
        if given is None:
            missing = Unknown(f"the property {name} is missing")
            return RoleReference(missing, missing, literal=missing)
        if target in self._template.resources:
            return self._to_resource(target, attribute, given)
        if target and not target.startswith("AWS::") and target not in self._template.parameters:
            return self._undeclared(target, given)
        if isinstance(given, str) and not given.startswith("arn:") and given in self._defaults:
            reason = Unknown(f"{given} is a parameter's default, a placeholder")
            return RoleReference(reason, reason, literal=reason)
        return self._to_arn(given, self._is_literal(raw))

    def function_behind(self, raw: Any, depth: int = 0) -> Declared | None:
        """The declared function that a value means, through an alias or version."""
        target, _ = target_of(self._values.chosen(raw))
        declared = self._template.resources.get(target)
        if declared is not None and declared.type == FUNCTION:
            return declared
        if declared is not None and declared.type in QUALIFIED and depth < MAX_DEPTH:
            return self.function_behind(declared.properties.get("FunctionName"), depth + 1)
        given = self._values.intrinsics.text(raw)
        return None if given is None else self._functions.get(same_as(_unqualified(given)))

    @cached_property
    def _functions(self) -> dict[object, Declared]:
        """The functions by name and by ARN."""
        found: dict[object, Declared] = {}
        for declared in self._values.of_type(FUNCTION):
            found[same_as(name_of(self._values, declared, "FunctionName"))] = declared
            found[same_as(function_arn(self._values, declared))] = declared
        return found

    @cached_property
    def _defaults(self) -> set[str]:
        declared = self._template.parameters.values()
        return {str(given["Default"]) for given in declared if isinstance(given, dict) and "Default" in given}

    def _to_resource(self, target: str, attribute: str, given: Text) -> RoleReference:
        declared = self._template.resources[target]
        role = self._roles.get(target)
        if role is not None:
            named = {"Arn": "arn", "": "name"}.get(attribute, attribute)
            if not self._values.is_made(declared):
                why = Unknown(f"{target} is made only under the condition {declared.condition}")
                return RoleReference(given, why, literal=False)
            return RoleReference(given, role, target, named, literal=False)
        kind = declared.type
        if attribute == "Arn" and kind.startswith("AWS::") and not kind.startswith(_OPAQUE) and "Role" not in kind:
            return RoleReference(given, None, f"{target} is of type {kind}, not a role", literal=False)
        why = Unknown(f"{target} is of type {kind}; what it gives is known only when it is made")
        return RoleReference(given, why, literal=False)

    def _undeclared(self, target: str, given: Text) -> RoleReference:
        if self._template.transforms:
            why = Unknown(f"{target} is not declared, but a transform of the template may make it")
            return RoleReference(given, why, literal=False)
        return RoleReference(given, None, f"{target} is not declared in {self._template.file}", literal=False)

    def _is_literal(self, raw: Any) -> bool | Unknown:
        """Whether a value names a role without referring to what makes it; pseudo parameters refer to nothing."""
        if isinstance(raw, str) and (str(raw) in self._defaults or "{{resolve:" in raw):
            return Unknown(f"{raw} may be a parameter's value or a dynamic reference")  # Checkov puts defaults in place
        for part in parts_of(raw):
            if isinstance(part, Unknown) and not part.symbol.startswith("AWS::"):
                return part
        names = {name for name in references_in(raw) if not name.startswith("AWS::")}
        if names & self._template.resources.keys():
            return False
        return (
            Unknown(f"it is made of {', '.join(sorted(names))}, which is no resource of the template")
            if names
            else True
        )

    def _to_arn(self, given: Text, literal: bool | Unknown) -> RoleReference:
        """A role ARN composed or written out; composed of a declared role's path and name it is that role."""
        for declared in self._values.of_type(ROLE):
            role = self._roles[declared.logical]
            if given == role.resource.arn:
                return RoleReference(given, role, f"the ARN is made of {declared.logical}", literal=literal)
            path = self._values.get(declared, "Path")
            if isinstance(path, str) and given == role_arn(self._values, declared, path="/"):
                note = f"the role {declared.logical} has the path {path}, which the ARN leaves out"
                return RoleReference(given, None, note, literal=literal)
        if isinstance(given, str):
            why = Unknown(f"{given} is written out; the template does not say whether it exists")
            return RoleReference(given, why, literal=literal)
        return RoleReference(given, Unknown(given.reason), literal=literal)


def _unqualified(given: Text) -> Text:
    """A function's name or ARN without the qualifier."""
    own = parts_of(given)
    parts = split_parts(own, 8)
    if parts is not None and len(parts) >= 7 and parts[0] == ["arn"]:
        return text(*(piece for number, part in enumerate(parts[:7]) for piece in ([":"] if number else []) + part))
    for at, piece in enumerate(own):
        if isinstance(piece, str) and ":" in piece:
            return text(*own[:at], piece.partition(":")[0])
    return given
