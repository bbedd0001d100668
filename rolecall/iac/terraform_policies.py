"""What a role may do in a Terraform configuration: its inline policies, what is attached to it, its boundary.

Every way of the AWS provider to give a role a policy is a row of ``_INLINE`` or ``_ATTACHMENTS``.
Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_references import ROLE
from rolecall.iac.terraform_values import TerraformValues, reference_in
from rolecall.iac.terraform_vertex import Vertex, blocks_of, local_address, root_folder, same_instance
from rolecall.iam.managed import managed_document, names
from rolecall.model import Document, IdentityPolicy
from rolecall.unknown import Unknown

_POLICY, _LOOKED_UP = "aws_iam_policy", "data.aws_iam_policy"
# resource type -> attribute that names the role, attribute that holds the document
_INLINE = {"aws_iam_role_policy": ("role", "policy")}
# resource type -> attribute that names the role or roles, attribute that names the policy or policies
_ATTACHMENTS = {
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
GIVE_POLICIES = (*_INLINE, *_ATTACHMENTS)


class RolePolicies:
    """The identity policies of all roles of one graph."""

    def __init__(self, graph: TerraformGraph, values: TerraformValues, documents: PolicyDocuments) -> None:
        self._graph, self._values, self._documents = graph, values, documents
        self._roles_by_name: dict[tuple[str, str], list[Vertex]] = {}
        for role in graph.of_type(ROLE):
            name = values.get(role, "name")
            if isinstance(name, str):
                self._roles_by_name.setdefault((root_folder(role), name), []).append(role)
        self._of_role: dict[int, list[IdentityPolicy]] = {}
        self._of_any: dict[str, list[IdentityPolicy]] = {}
        for kind, (role_attribute, attribute) in _INLINE.items():
            for vertex in graph.possible(kind):
                policy = IdentityPolicy(str(vertex.get("__address__")), documents.of(vertex, attribute))
                self._give(vertex, role_attribute, policy)
        for kind, (role_attribute, attribute) in _ATTACHMENTS.items():
            for vertex in graph.possible(kind):
                for policy in self._attached(vertex, attribute):
                    self._give(vertex, role_attribute, policy)

    def of(self, role: Vertex) -> tuple[IdentityPolicy, ...]:
        """The policies of an ``aws_iam_role``; one that it may have, or that is not known, has no known document."""
        policies = list(self._inline(role))
        if role.get("managed_policy_arns"):
            policies += self._attached(role, "managed_policy_arns")
        policies += self._of_role.get(id(role), ())
        policies += self._of_any.get(root_folder(role), ())
        return tuple(policies)

    def boundary(self, role: Vertex) -> Document | None:
        """The permissions boundary; ``None`` when the role has none."""
        if not role.get("permissions_boundary"):
            return None
        found = list(self._attached(role, "permissions_boundary"))
        return found[0].document if len(found) == 1 else Unknown("permissions_boundary has no single value")

    def _inline(self, role: Vertex) -> Iterator[IdentityPolicy]:
        for block in blocks_of(role, "inline_policy"):
            if isinstance(block, Unknown):
                yield IdentityPolicy("dynamic inline policy", block)
            elif block.get("policy"):
                name = f"inline policy {block.get('name') or 'of the role'}"
                yield IdentityPolicy(name, self._documents.read(role, "inline_policy", block["policy"]))

    def _give(self, vertex: Vertex, attribute: str, policy: IdentityPolicy) -> None:
        """Note a policy with the roles that an attribute names; one that cannot be told may be any of the module's."""
        address = vertex.get("__address__")
        untold = IdentityPolicy(policy.name, Unknown(f"whether there is {address} is known only when Terraform runs"))
        raw = self._graph.value(vertex, attribute)
        targets = [t for t in self._graph.targets(vertex, attribute) if t.get("resource_type") == ROLE]
        for name in raw if isinstance(raw, list) else [raw]:
            reference = reference_in(name) if isinstance(name, str) else None
            behind = targets
            if reference:
                behind = [t for t in targets if _is_meant(t, reference["address"], reference["index"] or "")] or targets
            elif not targets and isinstance(name, str):
                known = self._values.text(vertex, attribute, name)
                if isinstance(known, str):  # a role of another configuration, or one that is declared here by this name
                    behind = self._roles_by_name.get((root_folder(vertex), known), [])
                    if not behind:
                        continue
            if len(behind) == 1:
                alike = vertex.get("count") == behind[0].get("count")  # made under the role's own condition
                given = untold if self._graph.may_be_disabled(vertex) and not alike else policy
                self._of_role.setdefault(id(behind[0]), []).append(given)
                continue
            perhaps = IdentityPolicy(policy.name, Unknown(f"{address} may be of this role; {attribute} is not known"))
            for role in behind:
                self._of_role.setdefault(id(role), []).append(perhaps)
            if not behind and not (reference and reference["address"].startswith("data.")):
                self._of_any.setdefault(root_folder(vertex), []).append(perhaps)

    def _attached(self, vertex: Vertex, attribute: str) -> Iterator[IdentityPolicy]:
        """The managed policies that an attribute names by their ARNs."""
        raw = self._graph.value(vertex, attribute)
        targets = [t for t in self._graph.targets(vertex, attribute) if t.get("resource_type") in (_POLICY, _LOOKED_UP)]
        for arn in raw if isinstance(raw, list) else [raw]:
            yield self._managed(vertex, attribute, arn, targets)

    def _managed(self, vertex: Vertex, attribute: str, arn: Any, targets: list[Vertex]) -> IdentityPolicy:
        reference = reference_in(arn) if isinstance(arn, str) else None
        if reference and reference["attribute"] in ("arn", "id"):
            meant = [t for t in targets if _is_meant(t, reference["address"], reference["index"] or "")]
            if len(meant) == 1:
                return self._of_policy(meant[0])
        given = self._values.text(vertex, attribute, arn)
        document = managed_document(given)
        if document is None:
            document = Unknown(f"the policy {given} is not in this configuration")
        return IdentityPolicy(str(given), document)

    def _of_policy(self, policy: Vertex) -> IdentityPolicy:
        address = str(policy.get("__address__"))
        if policy.get("resource_type") == _POLICY:
            return IdentityPolicy(address, self._documents.of(policy, "policy"))
        arn, name = self._values.get(policy, "arn"), self._values.get(policy, "name")
        if arn is None and isinstance(name, str) and name in names():
            return self._looked_up(name)
        document = managed_document(arn) if arn is not None else None
        return IdentityPolicy(address, Unknown(f"{address} is looked up") if document is None else document)

    @staticmethod
    def _looked_up(name: str) -> IdentityPolicy:
        """An AWS managed policy that is looked up by its name, which stands for it under any path."""
        for path in ("", "service-role/", "job-function/", "aws-service-role/"):
            document = managed_document(f"arn:aws:iam::aws:policy/{path}{name}")
            if document is not None and not isinstance(document, Unknown):
                return IdentityPolicy(f"arn:aws:iam::aws:policy/{path}{name}", document)
        return IdentityPolicy(name, Unknown(f"the document of {name} is not at hand"))


def _is_meant(target: Vertex, address: str, index: str) -> bool:
    return local_address(target) == address and same_instance(target, index)
