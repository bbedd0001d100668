"""The EventBridge rules and the trails of a Terraform configuration.

Sources: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_rule,
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rolecall.iac.terraform_arns import name_of
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex, blocks_of, key_of, root_folder
from rolecall.iac.wiring import bus_name
from rolecall.model import EventRule, Resource, Trail
from rolecall.trail import records_writes
from rolecall.unknown import Text, Tri, Unknown, all3, same_as

RULE, _TARGET, _TRAIL = "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_cloudtrail"
ResourceOf = Callable[[Vertex, Text, Text], Resource]


def event_rules(
    graph: TerraformGraph, values: TerraformValues, documents: PolicyDocuments, resource_of: ResourceOf
) -> Iterator[EventRule]:
    """The rules of one graph. resource_of: makes the model's resource of a vertex, a name and an ARN."""
    given = _targets(graph, values)
    for vertex in graph.possible(RULE):
        name, bus = name_of(values, vertex), bus_name(values.get(vertex, "event_bus_name") or "default")
        pattern = documents.of(vertex, "event_pattern") if vertex.get("event_pattern") else None
        root = root_folder(vertex)
        found = given.get(key_of(vertex), []) + given.get(_called(root, bus, name), [])
        loose = given.get(root, [])
        targets = tuple(found) if found or not loose else Unknown("whether it has targets is not known")
        made = None if graph.may_be_disabled(vertex) else True
        resource = resource_of(vertex, name, values.attribute_of(vertex, "arn"))
        yield EventRule(resource, bus, _state(values, vertex), pattern, targets, made)


def _state(values: TerraformValues, vertex: Vertex) -> Text:
    state = values.get(vertex, "state")
    if state is not None:
        return state
    enabled = values.get(vertex, "is_enabled")  # its former name
    return "ENABLED" if enabled in (None, "true") else "DISABLED" if enabled == "false" else Unknown("is_enabled")


def _targets(graph: TerraformGraph, values: TerraformValues) -> dict[object, list[Text]]:
    """The targets by key of their rule, by its bus and name where they do not refer to it, else by root module."""
    found: dict[object, list[Text]] = {}
    for vertex in graph.possible(_TARGET):
        rules = [target for target in graph.targets(vertex, "rule") if target.get("resource_type") == RULE]
        named, root = values.get(vertex, "rule"), root_folder(vertex)
        arn = values.get(vertex, "arn") or Unknown("its ARN is missing")
        place: object = root
        if len(rules) == 1 and not graph.may_be_disabled(vertex):
            place = key_of(rules[0])
        elif isinstance(named, str) and not graph.may_be_disabled(vertex):
            place = _called(root, bus_name(values.get(vertex, "event_bus_name") or "default"), named)
        found.setdefault(place, []).append(arn)
    return found


def _called(root: str, bus: Text, name: Text) -> object:
    return root, same_as(bus), same_as(name)


def trails(graph: TerraformGraph, values: TerraformValues, resource_of: ResourceOf) -> Iterator[Trail]:
    """The trails of one graph."""
    for vertex in graph.possible(_TRAIL):
        on = _flag(values, vertex, "enable_logging", default=True)
        of_iam = _flag(values, vertex, "include_global_service_events", default=True)
        made = None if graph.may_be_disabled(vertex) else True
        yield Trail(
            resource_of(vertex, name_of(values, vertex), values.attribute_of(vertex, "arn")),
            everywhere=_flag(values, vertex, "is_multi_region_trail", default=False),
            writes=all3((made, on, of_iam, records_writes(_selectors(vertex), _advanced(vertex)))),
        )


def _flag(values: TerraformValues, vertex: Vertex, attribute: str, *, default: bool) -> Tri:
    given = values.get(vertex, attribute)
    return default if given is None else {"true": True, "false": False}.get(given) if isinstance(given, str) else None


def _selectors(vertex: Vertex) -> list[Any]:
    return [
        block if isinstance(block, Unknown) else (
            block.get("include_management_events", True), block.get("read_write_type") or "All",
        )
        for block in blocks_of(vertex, "event_selector")
    ]  # fmt: skip


def _advanced(vertex: Vertex) -> list[Any]:
    found: list[Any] = []
    for block in blocks_of(vertex, "advanced_event_selector"):
        if isinstance(block, Unknown):
            found.append(block)
            continue
        fields = blocks_of(block, "field_selector")
        known = [field for field in fields if isinstance(field, Mapping)]
        tests = [(str(field.get("field")), _tests(field)) for field in known]
        found.append(tests if len(known) == len(fields) else Unknown("a field selector is not known"))
    return found


def _tests(field: Mapping[str, Any]) -> dict[str, Any]:
    return {name: field[name] for name in field if name != "field" and field[name] and not name.startswith("__")}
