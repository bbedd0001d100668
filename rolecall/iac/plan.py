"""A Terraform or OpenTofu plan as ``terraform show -json`` writes it: from the file to its resources.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_FILE = 512 << 20  # bytes
_MAX_MODULES = 50  # how deep modules are nested


class UnreadablePlan(Exception):
    """A file that is no plan which can be read; the message says why."""


@dataclass(frozen=True)
class Instance:
    """One instance of a resource or data source.

    address: in full, ``module.m["a"].aws_iam_role.r[0]``. module: address of the module instance, empty for the root.
    index: of ``count`` (a number) or ``for_each`` (text); ``None`` without either.
    values: attributes as they will be. unknown: in the same shape, ``True`` for what is known only after apply.
    """

    address: str
    module: str
    data: bool
    type: str
    name: str
    index: str | int | None
    values: Mapping[str, Any]
    unknown: Any = None

    @property
    def base(self) -> str:
        """The address within its module, without index, as ``configuration`` has it."""
        return f"{'data.' if self.data else ''}{self.type}.{self.name}"


@dataclass(frozen=True)
class Plan:
    """What a plan says. after: what is there afterwards. forgotten: of these, what Terraform will no longer manage.

    destroyed: managed resources as they are before, for those that are deleted, or deleted and made again.
    complete: false when the plan is for some of the resources only (``-target``), or broke off.
    """

    path: str
    after: tuple[Instance, ...] = ()
    destroyed: tuple[Instance, ...] = ()
    forgotten: frozenset[str] = frozenset()
    complete: bool = True
    variables: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)


def load(path: str) -> Plan:
    """Read a plan from its file. Raises ``UnreadablePlan``."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UnreadablePlan(f"a plan of more than {LARGEST_FILE >> 20} MiB is not read")
        document = json.loads(content)  # finds out about UTF-16 and a byte order mark by itself
    except OSError as fault:
        raise UnreadablePlan(f"the plan cannot be read: {fault.strerror}") from fault
    except (ValueError, RecursionError) as fault:
        raise UnreadablePlan("the plan is no JSON that could be read") from fault
    return parse(path, document)


def parse(path: str, document: Any) -> Plan:
    """The plan in a JSON document, whatever that is. Raises ``UnreadablePlan``."""
    if not isinstance(document, dict):
        raise UnreadablePlan("the plan is not an object")
    version = str(document.get("format_version", ""))
    if version.partition(".")[0] not in ("0", "1"):
        raise UnreadablePlan(f"plans of format_version {version or 'none'} are not read; those of 0 and 1 are")
    changes = {str(change.get("address")): change for change in objects(document.get("resource_changes"))
               if not change.get("deposed")}  # fmt: skip
    planned = list(_instances(at(document, "planned_values", "root_module"), changes))
    before = list(_instances(at(document, "prior_state", "values", "root_module"), {}))
    actions = {address: _actions(change) for address, change in changes.items()}
    forgotten = frozenset(address for address, done in actions.items() if "forget" in done and "create" not in done)
    there = {i.address: i for i in planned if i.address not in forgotten and actions.get(i.address) != ["delete"]}
    moved = {str(change.get("previous_address")) for change in changes.values()}
    for instance in before:  # data sources that were read, what a plan for some resources leaves as it is
        stays = instance.data or instance.address in forgotten or not actions.get(instance.address)
        if stays and instance.address not in moved:
            there.setdefault(instance.address, instance)
    return Plan(
        path=path,
        after=tuple(there.values()),
        destroyed=tuple(_destroyed(before, changes, actions)),
        forgotten=forgotten,
        complete=document.get("complete") is not False and document.get("errored") is not True,
        variables=at(document, "variables"),
        configuration=at(document, "configuration"),
    )


def at(value: Any, *names: str) -> Mapping[str, Any]:
    """The object behind names; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _actions(change: Mapping[str, Any]) -> list[str]:
    actions = at(change, "change").get("actions")
    return [str(action) for action in actions] if isinstance(actions, list) else []


def _instances(module: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]]) -> Iterator[Instance]:
    pending = [(module, 0)]
    while pending:
        current, depth = pending.pop()
        for resource in objects(current.get("resources")):
            unknown = at(changes.get(str(resource.get("address"))), "change").get("after_unknown")
            yield _instance(resource, str(current.get("address") or ""), at(resource, "values"), unknown)
        if depth < _MAX_MODULES:
            pending += [(child, depth + 1) for child in reversed(objects(current.get("child_modules")))]


def _instance(resource: Mapping[str, Any], module: str, values: Mapping[str, Any], unknown: Any = None) -> Instance:
    index = resource.get("index")
    return Instance(
        address=str(resource.get("address")),
        module=module,
        data=resource.get("mode") == "data",
        type=str(resource.get("type")),
        name=str(resource.get("name")),
        index=index if isinstance(index, (str, int)) and not isinstance(index, bool) else None,
        values=values,
        unknown=unknown,
    )


def _destroyed(
    before: list[Instance], changes: Mapping[str, Mapping[str, Any]], actions: Mapping[str, list[str]]
) -> Iterator[Instance]:
    state = {instance.address: instance.values for instance in before}
    for address, change in changes.items():
        if "delete" in actions[address] and change.get("mode") != "data":
            values = at(change, "change", "before") or state.get(address, {})
            yield _instance(change, str(change.get("module_address") or ""), values)
