"""What files that were not read may add: they are broken, or Checkov was given single files (``-f main.tf``).

A permission, a policy of a role or a destination that is missing may be in such a file beside the function's or the
role's own. The words that each of these needs are looked for in it.
"""

from __future__ import annotations

from dataclasses import replace

from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import FUNCTION, ROLE
from rolecall.iac.terraform_vertex import Vertex, folder_of, key_of
from rolecall.model import Function, IdentityPolicy, Inventory, Permission, Resource, Role
from rolecall.unknown import Unknown

_ANYTHING = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def allowing_for_unread(graph: TerraformGraph, inventory: Inventory) -> Inventory:
    """The inventory with what such files may add, as something that is not known."""
    folders: dict[str, bool] = {}

    def unread(vertex: Vertex, word: str) -> str:
        """The unread file beside a vertex's own that has a word; empty when there is none."""
        folder = folder_of(str(vertex.get("file_path_")))
        if folder not in folders:
            folders[folder] = bool(graph.unread_file_with(vertex, ""))
        return graph.unread_file_with(vertex, word) if folders[folder] else ""

    roles = dict(inventory.roles)
    for vertex in graph.of_type(ROLE):
        file = unread(vertex, f"aws_iam_role.{vertex.get('block_name_', '').rpartition('.')[2]}")
        role = roles[key_of(vertex)]
        if file and not isinstance(role.policies, Unknown):
            policy = IdentityPolicy(file, Unknown(f"{file}, which was not read, may give the role policies"))
            roles[key_of(vertex)] = replace(role, policies=(*role.policies, policy))
    functions, permissions = dict(inventory.functions), {}
    for vertex in graph.of_type(FUNCTION):
        function = functions[key_of(vertex)]
        file = unread(vertex, "aws_lambda_permission")
        if file:
            permissions[function.resource.scope, file] = _permission(file, function)
        file = unread(vertex, "aws_lambda_function_event_invoke_config")
        if file:
            untold = Unknown(f"{file}, which was not read, may configure some")
            function = replace(function, destinations=untold)
        given = function.role.role
        if isinstance(given, Role) and given.resource.key in roles:
            function = replace(function, role=replace(function.role, role=roles[given.resource.key]))
        functions[key_of(vertex)] = function
    return replace(
        inventory,
        functions=functions,
        roles=roles,
        permissions=(*inventory.permissions, *permissions.values()),
    )


def _permission(file: str, function: Function) -> Permission:
    why = Unknown(f"{file} was not read")
    resource = replace(function.resource, type="aws_lambda_permission", address=f"a permission in {file}", key=file)
    return Permission(_unnamed(resource, why), why, why, why, dict(_ANYTHING), managed_by=file)


def _unnamed(resource: Resource, why: Unknown) -> Resource:
    return replace(resource, name=why, arn=why, location=None)
