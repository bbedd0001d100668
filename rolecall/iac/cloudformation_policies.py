"""What a role may do in a template: its inline policies, what is attached to it, its boundary.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

from __future__ import annotations

from typing import Any

from rolecall.iac.cloudformation_values import TemplateValues, document_of, target_of
from rolecall.iac.template import Declared
from rolecall.iam.managed import managed_document
from rolecall.model import Document, IdentityPolicy
from rolecall.unknown import Text, Unknown

ROLE, _MANAGED = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
# type of a policy of its own -> property that names the role or roles
_OF_ROLES = {"AWS::IAM::Policy": "Roles", "AWS::IAM::RolePolicy": "RoleName", _MANAGED: "Roles"}


class RolePolicies:
    """The identity policies of all roles of one template."""

    def __init__(self, values: TemplateValues) -> None:
        self._values = values
        self._of_role: dict[str, list[IdentityPolicy]] = {}
        self._of_any: list[IdentityPolicy] = []
        for kind, names in _OF_ROLES.items():
            for declared in values.made(kind):
                self._give(declared, declared.properties.get(names), self._declared(declared))

    def of(self, role: Declared) -> tuple[IdentityPolicy, ...]:
        """The policies of an ``AWS::IAM::Role``; one that it may have, or that is not known, has no known document."""
        inline = self._values.value(role, "Policies") or []
        attached = self._values.intrinsics.elements(role.properties.get("ManagedPolicyArns"))
        return (
            *(_inline(policy) for policy in (inline if isinstance(inline, list) else [inline])),
            *(self._attached(arn) for arn in attached),
            *self._of_role.get(role.logical, ()),
            *self._of_any,
        )

    def boundary(self, role: Declared) -> Document | None:
        """The permissions boundary; ``None`` when the role has none."""
        if self._values.get(role, "PermissionsBoundary") is None:
            return None
        return self._attached(role.properties["PermissionsBoundary"]).document

    def _declared(self, declared: Declared) -> IdentityPolicy:
        if self._values.certainly_made(declared):
            return IdentityPolicy(declared.logical, document_of(self._values.value(declared, "PolicyDocument")))
        why = Unknown(f"{declared.logical} is made under the condition {declared.condition}")
        return IdentityPolicy(declared.logical, why)

    def _give(self, declared: Declared, names: Any, policy: IdentityPolicy) -> None:
        """Note a policy with the roles that it names; where they cannot be told it may be any role's."""
        for raw in self._values.intrinsics.elements(names):
            target, _ = target_of(self._values.chosen(raw))
            if target in self._values.template.resources:
                self._of_role.setdefault(target, []).append(policy)
                continue
            name = self._values.intrinsics.text(raw)
            if isinstance(name, Unknown):
                why = Unknown(f"{declared.logical} may be of this role: {name.reason}")
                self._of_any.append(IdentityPolicy(policy.name, why))
            elif name in self._by_name:
                self._of_role.setdefault(self._by_name[name], []).append(policy)

    @property
    def _by_name(self) -> dict[Text | None, str]:
        return {self._values.get(role, "RoleName"): role.logical for role in self._values.of_type(ROLE)}

    def _attached(self, raw: Any) -> IdentityPolicy:
        """The managed policy that an ARN names."""
        target, _ = target_of(self._values.chosen(raw))
        declared = self._values.template.resources.get(target)
        if declared is not None and declared.type == _MANAGED:
            return self._declared(declared)
        arn = self._values.intrinsics.text(raw)
        document = managed_document(arn) if arn is not None else None
        if document is None:
            document = Unknown(f"the policy {arn} is not in this template")
        return IdentityPolicy(str(arn), document)


def _inline(policy: Any) -> IdentityPolicy:
    if not isinstance(policy, dict):
        return IdentityPolicy("inline policy", policy if isinstance(policy, Unknown) else Unknown("no policy"))
    name = policy.get("PolicyName")
    return IdentityPolicy(f"inline policy {name}", document_of(policy.get("PolicyDocument")))
