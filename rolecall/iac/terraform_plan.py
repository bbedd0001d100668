"""Terraform and OpenTofu plans (``terraform show -json``): what will be there after apply, as the Inventory.

A plan is read from its own file. Checkov's graph of it leaves out what is not known, and what is destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from rolecall.iac.plan import Instance, Plan, objects
from rolecall.iac.plan_configuration import steps_of
from rolecall.iac.plan_graph import PlanGraph
from rolecall.iac.plan_references import PlanPolicies, PlanReferences
from rolecall.iac.plan_values import PlanDocuments, PlanValues
from rolecall.iac.terraform import PERMISSION, Reader, shown
from rolecall.iac.terraform_policies import GIVE_POLICIES
from rolecall.iac.terraform_providers import least_allowed
from rolecall.iac.terraform_vertex import Vertex
from rolecall.model import Inventory, Location, Permission, Role
from rolecall.unknown import Unknown

FRAMEWORK = "terraform_plan"
_PARTIAL = "the plan is for some of the resources only, and leaves"
_ARNS = ("arn", "execution_arn", "agent_arn", "api_arn")  # the attributes that are a source's
_NAMES = ("name", "bucket", "alarm_name", "repository_name")  # the attributes that an ARN is made of
_LONGEST = 2048
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
            alarms=result.alarms + one.alarms,
            event_rules=result.event_rules + one.event_rules,
            trails=result.trails + one.trails,
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
        if not self._leaves_out(PERMISSION):
            return inventory
        why = Unknown(f"{_PARTIAL} statements of the configuration out")
        return replace(inventory, unread_policies=dict.fromkeys(inventory.functions, why))

    def _leaves_out(self, *types: str) -> bool:
        """Whether the plan is for some of the resources only (``-target``), and has not all of these types.

        Terraform says so from 1.8 on; before, a block that must make a resource and made none tells.
        """
        return self.configuration.leaves_out(frozenset(types), self._made, counted=not self.plan.complete)

    @cached_property
    def _made(self) -> frozenset[tuple[tuple[str, ...], str]]:
        return frozenset((tuple(name for name, _ in steps_of(i.module)), i.base) for i in self.plan.after)

    @cached_property
    def _lacks_policies(self) -> bool:
        return self._leaves_out(*GIVE_POLICIES)

    def _location(self, vertex: Vertex) -> Location:
        return Location(shown(self.plan.path), *self.lines.get(str(vertex["__address__"]), (1, 1)))

    def _provider_version(self, vertex: Vertex) -> tuple[int, ...]:
        providers = objects(list(self.configuration.providers.values()))
        aws = (one for one in providers if str(one.get("full_name")).endswith("/hashicorp/aws"))
        return max((least_allowed(one.get("version_constraint")) for one in aws), default=())

    def _permission(self, vertex: Vertex) -> Permission:
        """Without a source that this plan destroys: its ARN is in the state still, or is written out."""
        permission = super()._permission(vertex)
        source = vertex.get("source_arn")
        if isinstance(source, str) and any(map(self._is_gone, _beginnings(source))):
            return replace(permission, source=None)
        return permission

    def _is_gone(self, arn: str) -> bool:
        """Whether an ARN is one of what is deleted and not made again, under whatever address."""
        destroyed = self._destroyed_by_arn.get(arn)
        if destroyed is None:
            return False
        arns, names = self._made_again
        alike, own = names.get(destroyed.type, set()), _values_of(destroyed, _NAMES) or {""}
        perhaps = bool(alike) and ("" in alike | own or bool(alike & own))
        return not (perhaps or arns & _values_of(destroyed, _ARNS))

    @cached_property
    def _made_again(self) -> tuple[set[str], dict[str, set[str]]]:
        """The ARNs of what is there afterwards; by type, the names of what has none yet, empty for no name."""
        arns: set[str] = set()
        names: dict[str, set[str]] = {}
        for instance in self.plan.after:
            known = _values_of(instance, _ARNS)
            arns |= known
            if not known:
                names.setdefault(instance.type, set()).update(_values_of(instance, _NAMES) or {""})
        return arns, names

    @cached_property
    def _destroyed_by_arn(self) -> dict[str, Instance]:
        return {arn: instance for instance in self.plan.destroyed for arn in _values_of(instance, _ARNS)}

    def _role(self, vertex: Vertex) -> Role:
        role = replace(super()._role(vertex), declared=vertex["__address__"] not in self.plan.forgotten)
        if self._lacks_policies:
            return replace(role, policies=Unknown(f"{_PARTIAL} policies of the configuration out"))
        return role

    def _tags(self, vertex: Vertex) -> dict[str, Any]:
        """``tags_all`` holds the provider's default tags as well; where it is not known, there may be some."""
        own, both = vertex.get("tags"), vertex.get("tags_all")
        more = both if isinstance(both, Unknown) else None
        given = own if both is None or more is not None else both
        if isinstance(given, Unknown):
            return {"tags": more or given}
        listed = given.items() if isinstance(given, dict) else ()
        tags = {str(key): self.values.text(vertex, "tags", value) for key, value in listed}
        return {"tags": tags if tags or more is None else more, "more_tags": more}

    def _looked_up_role(self, vertex: Vertex) -> Role:
        """A data source knows the role's ARN and trust policy once it was read."""
        role = super()._looked_up_role(vertex)
        arn = self.values.attribute_of(vertex, "arn")
        known = isinstance(vertex.get("assume_role_policy"), str)
        trust = self.documents.of(vertex, "assume_role_policy") if known else role.trust_policy
        return replace(role, resource=replace(role.resource, arn=arn), trust_policy=trust)


def _values_of(resource: Instance, attributes: tuple[str, ...]) -> set[str]:
    """The texts that some attributes of a resource have."""
    return {value for name in attributes if isinstance(value := resource.values.get(name), str) and value}


def _beginnings(arn: str) -> Iterator[str]:
    """An ARN and what it begins with: ``execution_arn`` of an API in ``execution_arn/*/GET/orders``."""
    yield arn
    for at, char in enumerate(arn[:_LONGEST]):
        if char in ":/":
            yield arn[:at]
