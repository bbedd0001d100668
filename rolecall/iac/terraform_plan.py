"""Terraform and OpenTofu plans (``terraform show -json``): what will be there after apply, as the Inventory.

A plan is read from its own file. Checkov's graph of it leaves out what is not known, and what is destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rolecall.iac.plan import Plan
from rolecall.iac.plan_configuration import steps_of
from rolecall.iac.plan_graph import PlanGraph
from rolecall.iac.plan_references import PlanPolicies, PlanReferences
from rolecall.iac.plan_values import PlanDocuments, PlanValues
from rolecall.iac.terraform import PERMISSION, Reader, shown
from rolecall.iac.terraform_graph import Vertex
from rolecall.model import Inventory, Location, Role
from rolecall.unknown import Unknown

FRAMEWORK = "terraform_plan"
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
            mappings=result.mappings + one.mappings,
            targets=result.targets + one.targets,
        )
    return result


class _PlanReader(Reader):
    framework = FRAMEWORK

    def __init__(self, plan: Plan, lines: Lines) -> None:
        graph = PlanGraph(plan)
        values = PlanValues(graph)
        documents = PlanDocuments(graph, values)
        super().__init__(graph, values, documents, PlanPolicies(graph, values, documents))
        self.references = PlanReferences(graph, values, self.roles)
        self.plan, self.configuration, self.lines = plan, graph.configuration, lines

    def read(self) -> Inventory:
        inventory = super().read()
        made = {(tuple(name for name, _ in steps_of(i.module)), i.base) for i in self.plan.after}
        if self.plan.complete or not self.configuration.has_more(PERMISSION, made):
            return inventory
        why = Unknown("the plan is for some of the resources only, and leaves statements of the configuration out")
        return replace(inventory, unread_policies=dict.fromkeys(inventory.functions, why))

    def _location(self, vertex: Vertex) -> Location:
        return Location(shown(self.plan.path), *self.lines.get(str(vertex["__address__"]), (1, 1)))

    def _role(self, vertex: Vertex) -> Role:
        return replace(super()._role(vertex), declared=vertex["__address__"] not in self.plan.forgotten)

    def _looked_up_role(self, vertex: Vertex) -> Role:
        """A data source knows the role's ARN and trust policy once it was read."""
        role = super()._looked_up_role(vertex)
        arn = self.values.attribute_of(vertex, "arn")
        known = isinstance(vertex.get("assume_role_policy"), str)
        trust = self.documents.of(vertex, "assume_role_policy") if known else role.trust_policy
        return replace(role, resource=replace(role.resource, arn=arn), trust_policy=trust)
