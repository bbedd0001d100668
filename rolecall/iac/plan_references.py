"""Which role, and which policy, a value of a plan means: by reference, by its ARN, or one that the plan destroys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from rolecall.arn import parse_arn, role_name
from rolecall.iac.plan import Instance, at
from rolecall.iac.plan_configuration import references_in, steps_of, to_resource
from rolecall.iac.plan_graph import PlanGraph
from rolecall.iac.plan_unknown import AfterApply
from rolecall.iac.plan_values import PlanDocuments, PlanValues
from rolecall.iac.terraform_policies import RolePolicies
from rolecall.iac.terraform_references import PLACES, ROLE, References
from rolecall.iac.terraform_vertex import Vertex, key_of
from rolecall.model import IdentityPolicy, Role, RoleReference
from rolecall.unknown import Unknown

_POLICY, _LOOKED_UP = "aws_iam_policy", "data.aws_iam_policy"


class PlanReferences(References):
    """Resolves references of one plan. roles: its roles by key."""

    def __init__(self, graph: PlanGraph, values: PlanValues, roles: Mapping[str, Role]) -> None:
        super().__init__(graph, values, roles)
        self._plan = graph
        destroyed = [role for role in graph.plan.destroyed if role.type == ROLE]
        self._destroyed = {str(role.values.get("arn")): role for role in destroyed}

    def role_of(self, vertex: Vertex, attribute: str = "role") -> RoleReference:
        raw = vertex.get(attribute)
        if isinstance(raw, AfterApply):
            return self._after_apply(vertex, attribute, raw)
        if not isinstance(raw, str) or not raw:
            why = Unknown(f"the attribute {attribute} " + ("has no single value" if raw else "is missing"))
            return RoleReference(why, why, literal=why)
        literal = self._is_literal(vertex, attribute)
        role, gone = self._by_arn.get(raw), self._destroyed.get(raw)
        if role is not None:
            return RoleReference(raw, role, role.resource.address, literal=literal)
        if gone is not None:
            return self._gone(raw, gone, literal)
        made = self._literal(raw, self._unplaced(vertex, attribute), literal)
        if not isinstance(made.role, Unknown):
            return made
        why = Unknown(f"{raw} is not in this plan, which does not say whether it exists")
        roles = [t for t in self._plan.targets(vertex, attribute) if t["resource_type"] in (ROLE, f"data.{ROLE}")]
        return RoleReference(raw, why, str(roles[0]["__address__"]) if len(roles) == 1 else "", literal=literal)

    def _unplaced(self, vertex: Vertex, attribute: str) -> list[Vertex]:
        """The roles that an ARN may be made of whose own ARN is not known, as where the account is not."""
        targets = [t for t in self._plan.targets(vertex, attribute) if t["resource_type"] == ROLE]
        return [t for t in targets if isinstance(self._roles[key_of(t)].resource.arn, Unknown)]

    @cached_property
    def _by_arn(self) -> dict[str, Role]:
        """The roles that are there afterwards; one that is managed goes before its data source."""
        managed_last = sorted(self._roles.values(), key=lambda role: role.declared)
        return {role.resource.arn: role for role in managed_last if isinstance(role.resource.arn, str)}

    def _after_apply(self, vertex: Vertex, attribute: str, raw: AfterApply) -> RoleReference:
        origin, arn = self._plan.origin(raw), self._values.text(vertex, attribute, raw)
        if origin is None or origin.vertex is None:
            why = arn if isinstance(arn, Unknown) else Unknown(raw.reason)
            return RoleReference(arn, why, literal=self._is_literal(vertex, attribute))
        address = str(origin.vertex["__address__"])
        role = self._roles.get(key_of(origin.vertex))
        if role is not None:  # where the attribute is lost it is the ARN: of what AWS sets, only that is a role's
            taken = origin.attribute or "arn"
            arn = role.resource.arn if taken == "arn" else role.resource.name
            return RoleReference(arn, role, address, "name" if taken in ("id", "name") else taken, False)
        kind = str(origin.vertex["resource_type"])
        if origin.attribute == "arn" and kind.startswith("aws_") and "role" not in kind:
            return RoleReference(arn, None, f"{address} is not a role", literal=False)
        why = Unknown(f"{origin.said} is known only after apply")
        return RoleReference(arn, why, literal=why)

    def _gone(self, arn: str, gone: Instance, literal: bool | Unknown) -> RoleReference:
        """A role that the plan deletes, or makes again under another name."""
        again = next((role for role in self._roles.values() if role.resource.address == gone.address), None)
        if again is None:
            return RoleReference(arn, None, f"this plan destroys {gone.address}", literal=literal)
        becomes, parsed = again.resource.arn, parse_arn(arn)
        if isinstance(becomes, str):
            note = f"this plan replaces {gone.address}, which becomes {becomes}"
            return RoleReference(arn, None, note, literal=literal)
        if parsed and role_name(parsed.resource) == again.resource.name:
            return RoleReference(arn, again, gone.address, literal=literal)
        why = Unknown(f"this plan replaces {gone.address}, whose new ARN is known only after apply")
        return RoleReference(arn, why, literal=literal)

    def _is_literal(self, vertex: Vertex, attribute: str) -> bool | Unknown:
        """Whether the configuration writes the value out."""
        instance = self._plan.instance(vertex)
        block = self._plan.configuration.resource(steps_of(instance.module), instance.base)
        expression = at(block, "expressions").get(attribute)
        if isinstance(expression, dict) and "constant_value" in expression:
            return True
        roles = (ROLE, f"data.{ROLE}")
        references = references_in(expression)
        if references and all(map(_is_place, references)):
            return True
        refers = any(target["resource_type"] in roles for target in self._plan.targets(vertex, attribute))
        return False if refers else Unknown(f"{vertex['__address__']}.{attribute} is made of what refers to no role")


def _is_place(reference: str) -> bool:
    """Whether a reference says only where the configuration is applied."""
    meant = to_resource(reference)
    return meant is not None and meant.base.rpartition(".")[0] in PLACES


class PlanPolicies(RolePolicies):
    """The identity policies of all roles of one plan."""

    def __init__(self, graph: PlanGraph, values: PlanValues, documents: PlanDocuments) -> None:
        self._plan = graph
        policies = [(values.attribute_of(vertex, "arn"), vertex) for vertex in graph.of_type(_POLICY, _LOOKED_UP)]
        self._by_arn = {arn: vertex for arn, vertex in policies if isinstance(arn, str)}
        super().__init__(graph, values, documents)

    def _managed(self, vertex: Vertex, attribute: str, arn: Any, targets: list[Vertex]) -> IdentityPolicy:
        behind = self._by_arn.get(arn) if isinstance(arn, str) else None
        if isinstance(arn, AfterApply):
            origin = self._plan.origin(arn)
            behind = origin.vertex if origin else None
        if behind is not None and behind["resource_type"] in (_POLICY, _LOOKED_UP):
            return self._of_policy(behind)
        return super()._managed(vertex, attribute, arn, targets)
