"""Terraform and OpenTofu plans (``terraform show -json``): what will be there after apply, as the Inventory.

A plan is read from its own file. Checkov's graph of it leaves out what is not known, and what is destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from rolecall.arn import parse_arn, role_name
from rolecall.iac.plan import Instance, Plan
from rolecall.iac.plan_configuration import steps_of
from rolecall.iac.plan_graph import AfterApply, PlanGraph
from rolecall.iac.plan_values import PlanDocuments, PlanValues
from rolecall.iac.terraform import Reader, key_of, shown
from rolecall.iac.terraform_graph import Vertex
from rolecall.model import Inventory, Location, Role, RoleReference
from rolecall.unknown import Unknown

FRAMEWORK = "terraform_plan"
_ROLE, _PERMISSION = "aws_iam_role", "aws_lambda_permission"
Lines = Mapping[str, tuple[int, int]]


def read(plan: Plan, lines: Lines) -> Inventory:
    """The inventory of a plan. lines: first and last line by address, where they are known."""
    return _PlanReader(plan, lines).read()


def joined(inventories: Iterable[Inventory]) -> Inventory:
    """The inventories of several plans as one; what is not of one plan's scope stays apart."""
    result = Inventory(FRAMEWORK)
    for one in inventories:
        result = replace(
            result,
            functions={**result.functions, **one.functions},
            roles={**result.roles, **one.roles},
            permissions=result.permissions + one.permissions,
            unread_policies={**result.unread_policies, **one.unread_policies},
            invokers=result.invokers + one.invokers,
        )
    return result


class _PlanReader(Reader):
    framework = FRAMEWORK

    def __init__(self, plan: Plan, lines: Lines) -> None:
        graph = PlanGraph(plan)
        values = PlanValues(graph)
        super().__init__(graph, values, PlanDocuments(graph, values))
        self.plan, self.plan_graph, self.lines = plan, graph, lines
        self.destroyed = {arn: role for role in plan.destroyed if role.type == _ROLE and (arn := role.values.get("arn"))
                          and isinstance(arn, str)}  # fmt: skip

    def read(self) -> Inventory:
        inventory = super().read()
        known = {(tuple(name for name, _ in steps_of(i.module)), i.base) for i in self.plan.after}
        if not self.plan.complete and self.plan_graph.configuration.declares_uninstantiated(_PERMISSION, known):
            why = Unknown("the plan is for some of the resources only, and leaves statements of the configuration out")
            return replace(inventory, unread_policies=dict.fromkeys(inventory.functions, why))
        return inventory

    @cached_property
    def _roles_by_arn(self) -> dict[str, Role]:
        """The roles that are there afterwards, those that Terraform manages before those that it looks up."""
        managed_last = sorted(self.roles.values(), key=lambda role: role.declared)
        return {role.resource.arn: role for role in managed_last if isinstance(role.resource.arn, str)}

    def _location(self, vertex: Vertex) -> Location:
        return Location(shown(self.plan.path), *self.lines.get(str(vertex["__address__"]), (1, 1)))

    def _role(self, vertex: Vertex) -> Role:
        return replace(super()._role(vertex), declared=vertex["__address__"] not in self.plan.forgotten)

    def _looked_up_role(self, vertex: Vertex) -> Role:
        """A data source knows the trust policy of the role once it was read."""
        looked_up, trust = super()._looked_up_role(vertex), vertex.get("assume_role_policy")
        arn = vertex.get("arn")
        resource = replace(looked_up.resource, arn=arn) if isinstance(arn, str) else looked_up.resource
        known = self.documents.of(vertex, "assume_role_policy") if isinstance(trust, str) else looked_up.trust_policy
        return replace(looked_up, resource=resource, trust_policy=known)

    def _role_reference(self, vertex: Vertex) -> RoleReference:
        raw = vertex.get("role")
        if isinstance(raw, AfterApply):
            return self._role_after_apply(vertex, raw)
        if not isinstance(raw, str) or not raw:
            why = Unknown("the attribute role " + ("has no single value" if raw else "is missing"))
            return RoleReference(why, why)
        role = self._roles_by_arn.get(raw)
        if role is not None:
            return RoleReference(raw, role, role.resource.address)
        gone = self.destroyed.get(raw)
        if gone is not None:
            return self._gone(raw, gone)
        return RoleReference(raw, Unknown(f"{raw} is not in this plan, which does not say whether it exists"))

    def _role_after_apply(self, vertex: Vertex, raw: AfterApply) -> RoleReference:
        origin = self.plan_graph.origin(raw)
        arn = self.values.text(vertex, "role", raw)
        if origin is None or origin.vertex is None:
            return RoleReference(arn, arn if isinstance(arn, Unknown) else Unknown(raw.reason))
        address = str(origin.vertex["__address__"])
        role = self.roles.get(key_of(origin.vertex))
        if role is not None:  # of what a role has, AWS sets the ARN; where the attribute is lost, it is that
            attribute = origin.attribute or "arn"
            return RoleReference(role.resource.arn if attribute == "arn" else arn, role, address,
                                 "name" if attribute in ("id", "name") else attribute)  # fmt: skip
        kind = str(origin.vertex["resource_type"])
        if origin.attribute == "arn" and kind.startswith("aws_") and "role" not in kind:
            return RoleReference(arn, None, f"{address} is not a role")
        why = Unknown(f"{origin.said} is known only after apply")
        return RoleReference(arn, why)

    def _gone(self, arn: str, gone: Instance) -> RoleReference:
        """A role that the plan deletes, or makes again: under another name, if no role has the ARN afterwards."""
        again = next((role for role in self.roles.values() if role.resource.address == gone.address), None)
        if again is None:
            return RoleReference(arn, None, f"this plan destroys {gone.address}")
        if isinstance(again.resource.arn, str):
            return RoleReference(arn, None, f"this plan replaces {gone.address}, which becomes {again.resource.arn}")
        parsed = parse_arn(arn)
        if parsed and role_name(parsed.resource) == again.resource.name:
            return RoleReference(arn, again, gone.address)
        return RoleReference(
            arn, Unknown(f"this plan replaces {gone.address}, whose new ARN is known only after apply")
        )
