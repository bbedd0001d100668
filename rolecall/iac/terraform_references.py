"""Which resource of a Terraform configuration a value means: the role of a function, the function that is called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from rolecall.arn import parse_arn, role_name
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues, reference_in
from rolecall.iac.terraform_vertex import Vertex, is_disabled, key_of, local_address, root_folder, same_instance
from rolecall.model import Role, RoleReference
from rolecall.unknown import Text, Unknown

FUNCTION, ROLE, ALIAS = "aws_lambda_function", "aws_iam_role", "aws_lambda_alias"
PLACES = frozenset({"data.aws_caller_identity", "data.aws_partition", "data.aws_region"})  # these name no role


class References:
    """Resolves references of one graph. roles: its roles by key."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues, roles: Mapping[str, Role]) -> None:
        self._graph, self._values, self._roles = graph, values, roles
        self._by_name = _unique_names(graph.of_type(FUNCTION), values)

    def role_of(self, vertex: Vertex, attribute: str = "role") -> RoleReference:
        """The role that an attribute names."""
        raw = self._graph.value(vertex, attribute)
        if isinstance(raw, Unknown):
            return RoleReference(raw, raw, literal=raw)
        if not isinstance(raw, str) or not raw:
            missing = attribute not in vertex
            why = Unknown(f"the attribute {attribute} " + ("is missing" if missing else "has no single value"))
            return RoleReference(why, why, literal=why)
        targets = self._graph.targets(vertex, attribute)
        reference = reference_in(raw.removeprefix("${").removesuffix("}"))
        if reference:
            return self._referenced(vertex, attribute, reference, targets)
        arn = self._values.text(vertex, attribute, raw)
        if isinstance(arn, Unknown):
            kinds = {target.get("resource_type") for target in targets}
            literal: bool | Unknown = False if kinds & {ROLE, f"data.{ROLE}"} else arn
            if kinds and kinds <= PLACES:
                literal = True
            return RoleReference(arn, arn, literal=literal)
        takes_variable = self._graph.takes_variable(vertex, attribute)
        if not arn.startswith("arn:") and takes_variable:
            reason = Unknown(f"{arn} is a variable's default, a placeholder")
            return RoleReference(reason, reason, literal=reason)
        given = Unknown(f"{arn} is a variable's default")
        return self._literal(arn, targets, given if takes_variable else True)

    def functions_behind(self, vertex: Vertex, attribute: str) -> list[Vertex]:
        """The functions that an attribute refers to, directly or through an alias."""
        functions = []
        for target in self._graph.targets(vertex, attribute):
            if target.get("resource_type") == ALIAS:
                functions += [t for t in self._graph.targets(target, "function_name") if _is_function(t)]
            elif _is_function(target):
                functions.append(target)
        return functions

    def function_named(self, vertex: Vertex, given: Text) -> Vertex | None:
        """The one function of the vertex's configuration that a name or an ARN, in plain text, means."""
        if not isinstance(given, str):
            return None
        return self._by_name.get((root_folder(vertex), function_name(given)))

    def function_of(self, vertex: Vertex, attribute: str = "function_name") -> Vertex | None:
        """The one function that an attribute means, by reference or by name."""
        behind = self.functions_behind(vertex, attribute)
        if behind:
            return behind[0] if len(behind) == 1 else None
        given = self._values.get(vertex, attribute)
        return self.function_named(vertex, given) if given is not None else None

    def _literal(self, arn: str, targets: list[Vertex], literal: bool | Unknown) -> RoleReference:
        """A role ARN in plain text; Checkov may have composed it of the name of a role, to which an edge then leads."""
        elsewhere = Unknown(f"{arn} is written out; this configuration does not say whether it exists")
        parsed = parse_arn(arn)
        for target in targets:
            name = target.get("name")
            if target.get("resource_type") != ROLE or parsed is None or role_name(parsed.resource) != name:
                continue
            role, path = self._roles[key_of(target)], self._values.get(target, "path") or "/"
            address = role.resource.address
            if isinstance(path, Unknown):
                return RoleReference(arn, Unknown(f"the path of {address} is not known"), literal=False)
            if parsed.resource == f"role{path}{name}":
                return RoleReference(arn, role, f"the ARN is made of {address}", literal=False)
            note = f"the role {name} of {address} has the path {path}, so its ARN ends in role{path}{name}"
            return RoleReference(arn, None, note, literal=False)
        return RoleReference(arn, elsewhere, literal=literal)

    def _referenced(
        self, vertex: Vertex, attribute: str, reference: re.Match[str], targets: list[Vertex]
    ) -> RoleReference:
        exact = [
            target
            for target in targets
            if local_address(target) == reference["address"] and same_instance(target, reference["index"] or "")
        ]
        if len(exact) == 1:
            return self._resolved(exact[0], reference)
        symbol = Unknown(f"{reference[0]} is known only when Terraform runs")
        if exact or targets:
            why = Unknown(f"{reference[0]} may be one of several resources")
            return RoleReference(symbol, why, literal=False)
        return self._undeclared(vertex, attribute, reference, symbol)

    def _resolved(self, target: Vertex, reference: re.Match[str]) -> RoleReference:
        address, attribute = str(target.get("__address__")), reference["attribute"]
        if is_disabled(target):
            reason = Unknown(f"{address} has count = 0")
            return RoleReference(reason, reason, literal=False)
        role = self._roles.get(key_of(target))
        if role is not None:
            arn = role.resource.arn if attribute == "arn" else role.resource.name
            # `id` of the data source and of the resource is the role's name
            return RoleReference(arn, role, address, "name" if attribute in ("id", "name") else attribute, False)
        if attribute == "arn" and reference["type"].startswith("aws_") and "role" not in reference["type"]:
            arn = self._values.attribute_of(target, "arn")
            return RoleReference(arn, None, f"{address} is not a role", literal=False)
        reason = Unknown(f"{reference[0]} is known only when Terraform runs")
        return RoleReference(reason, reason, literal=reason)

    def _undeclared(self, vertex: Vertex, attribute: str, reference: re.Match[str], symbol: Unknown) -> RoleReference:
        address = reference["address"]
        if self._graph.declares(vertex, address):
            why = Unknown(f"which instance of {address} is meant cannot be told")
        elif vertex.get("rendering_breadcrumbs_", {}).get(attribute):
            why = Unknown(f"{address} belongs to another module")
        elif unread := self._graph.unread_file_with(vertex, reference["name"]):
            why = Unknown(f"{address} may be declared in {unread}, which was not read")
        else:
            gone = Unknown(symbol.reason, f"{key_of(vertex)}|{reference[0]}")
            return RoleReference(gone, None, f"{address} is not declared in {_folder_name(vertex)}", literal=False)
        return RoleReference(symbol, why, literal=False)


def function_name(given: str) -> str:
    """The function's name in a name or an ARN, either with or without a qualifier."""
    arn = parse_arn(given)
    if arn and arn.resource.startswith("function:"):
        return arn.resource.split(":")[1]
    return given.partition(":")[0]


def _is_function(vertex: Vertex) -> bool:
    return vertex.get("resource_type") == FUNCTION


def _unique_names(functions: Iterable[Vertex], values: TerraformValues) -> dict[tuple[str, str], Vertex]:
    """Functions by root module and literal name, for names that one function of it has."""
    found: dict[tuple[str, str], list[Vertex]] = {}
    for function in functions:
        name = values.get(function, "function_name")
        if isinstance(name, str):
            found.setdefault((root_folder(function), name), []).append(function)
    return {name: behind[0] for name, behind in found.items() if len(behind) == 1}


def _folder_name(vertex: Vertex) -> str:
    """The folder of the file that holds the vertex, for a message."""
    return f"{os.path.basename(os.path.dirname(str(vertex.get('file_path_'))))}/"
