"""Plans as ``terraform show -json`` writes them, from a compact description. No Terraform is needed.

    plan(resource("aws_iam_role.app", name="app", arn=UNKNOWN),
         resource("aws_lambda_function.f", role=after("aws_iam_role.app.arn")))

A value is what is known; ``after`` is one that is known only after apply and ``known`` one that is known already, each
with the references of its expression. ``UNKNOWN`` is what the provider sets. Nested blocks are lists of dictionaries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ACCOUNT, REGION = "111122223333", "eu-west-1"
_INDEX = re.compile(r'\[(?:"(?P<key>[^"]*)"|(?P<number>\d+))\]$')
_CALL = re.compile(r'module\.([\w-]+)(?:\["[^"]*"\]|\[\d+\])?\.')


@dataclass(frozen=True)
class Given:
    """A value and what its expression refers to. expression: false where the configuration says nothing of it."""

    references: tuple[str, ...] = ()
    value: Any = None
    is_known: bool = False
    expression: bool = True


UNKNOWN = Given(expression=False)


def after(*references: str) -> Given:
    return Given(references)


def known(value: Any, *references: str, expression: bool = True) -> Given:
    return Given(references, value, is_known=True, expression=expression)


@dataclass(frozen=True)
class Resource:
    address: str
    values: Mapping[str, Any]
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None
    for_each: Given | None
    state_only: bool = False
    block_only: bool = False
    provider: str = "aws"  # its key in the configuration, ``aws.far`` for an alias


@dataclass(frozen=True)
class Call:
    """A module call (``module.m``) with its arguments and outputs."""

    address: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)


def resource(
    address: str,
    *actions: str,
    before: Mapping[str, Any] | None = None,
    for_each: Given | None = None,
    **values: Any,
) -> Resource:
    """A resource, or a data source where the address says ``data.``. actions: ``create`` when none is given."""
    return Resource(address, values, actions or ("create",), before, for_each)


def state(address: str, **values: Any) -> Resource:
    """What only ``prior_state`` has: a data source that was read, or a resource that the plan does not touch."""
    return Resource(address, values, (), values, None, state_only=True)


def block(address: str, **values: Any) -> Resource:
    """What only the configuration has: a plan for some of the resources leaves it out."""
    return Resource(address, values, ("delete",), None, None, block_only=True)


def call(address: str, outputs: Mapping[str, Any] | None = None, **arguments: Any) -> Call:
    return Call(address, arguments, outputs or {})


def plan(
    *parts: Resource | Call,
    expect: Mapping[str, str] | None = None,
    region: str | None = REGION,
    account: str | None = ACCOUNT,
    provider_version: str | None = None,
    variables: Mapping[str, Any] | None = None,
    providers: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The plan. expect: of a case, which resource gets the verdict in its name, and words of the message.

    region, account, provider_version: what the provider's block and its requirement say. providers: what it says
    besides, and what others do, by key (``aws``, ``aws.far``).
    """
    resources = [part for part in parts if isinstance(part, Resource)]
    said = {**({"region": region} if region else {}), **({"allowed_account_ids": [account]} if account else {})}
    blocks = {"aws": said, **(providers or {})}
    blocks["aws"] = {**said, **blocks["aws"]}
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        **({"expect": dict(expect)} if expect else {}),
        "variables": {name: {"value": value} for name, value in (variables or {}).items()},
        "planned_values": {"root_module": _modules([r for r in resources if not r.state_only and _stays(r)])},
        "resource_changes": [_change(r) for r in resources if not r.state_only and not r.block_only],
        "prior_state": {
            "format_version": "1.0",
            "values": {"root_module": _modules([r for r in resources if r.before is not None], before=True)},
        },
        "configuration": {
            "provider_config": {key: _provider(key, block, provider_version) for key, block in blocks.items()},
            "root_module": _configuration(parts),
        },
        **more,
    }


def _provider(key: str, values: Mapping[str, Any], version: str | None) -> dict[str, Any]:
    alias = key.partition(".")[2]
    return {
        "name": "aws",
        "full_name": "registry.terraform.io/hashicorp/aws",
        **({"alias": alias} if alias else {}),
        "expressions": _expressions(values),
        **({"version_constraint": version} if version and not alias else {}),
    }


def written(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1) + "\n"


def _stays(part: Resource) -> bool:
    return part.actions != ("delete",)


def _names(part: Resource) -> dict[str, Any]:
    found, module = _INDEX.search(part.address), "".join(m[0] for m in _CALL.finditer(part.address))
    local = part.address[len(module) :]
    is_data = local.startswith("data.")
    kind, name = _INDEX.sub("", local.removeprefix("data.")).split(".", 1)
    index = {} if found is None else {"index": found["key"] if found["key"] is not None else int(found["number"])}
    mode = "data" if is_data else "managed"
    return {"address": part.address, "mode": mode, "type": kind, "name": name, **index}


def _module(address: str) -> str:
    return "".join(found[0] for found in _CALL.finditer(address)).removesuffix(".")


def _plain(value: Any) -> Any:
    """What is known of a value."""
    if isinstance(value, Given):
        return _plain(value.value) if value.is_known else None
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if _is_known(item)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _is_known(value: Any) -> bool:
    return not isinstance(value, Given) or value.is_known


def _unknown(value: Any) -> Any:
    """``after_unknown``: true for what is not known, objects and lists around it, nothing for the rest."""
    if isinstance(value, Given):
        return _unknown(value.value) if value.is_known else True
    if isinstance(value, dict):
        return {name: marks for name, item in value.items() if (marks := _unknown(item)) is not False}
    return [_unknown(item) for item in value] if isinstance(value, list) else False


def _expression(value: Any) -> Any:
    if isinstance(value, Given):
        return {"references": [part for given in value.references for part in _all_beginnings(given)]}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_expressions(block) for block in value]
    items = list(value.values()) if isinstance(value, dict) else value
    if isinstance(items, list) and any(isinstance(item, Given) for item in items):
        given = [reference for item in items if isinstance(item, Given) for reference in item.references]
        return _expression(Given(tuple(given)))
    return {"constant_value": value}


def _expressions(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _expression(v) for name, v in values.items() if not isinstance(v, Given) or v.expression}


def _all_beginnings(reference: str) -> list[str]:
    """As Terraform writes a reference: itself, then its beginnings down to the resource or the module's call."""
    found = [reference]
    parts = re.findall(r"\[[^\]]*\]|\.?[\w-]+", reference)
    least = 3 if parts[0] == "data" else 2
    if parts[0] in ("var", "local", "each", "count", "path"):
        return found
    for size in range(len(parts) - 1, least - 1, -1):
        found.append("".join(parts[:size]))
    return found


def _modules(parts: list[Resource], before: bool = False) -> dict[str, Any]:
    tree: dict[str, Any] = {"resources": []}
    modules: dict[str, dict[str, Any]] = {"": tree}
    for part in parts:
        address = ""
        for step in _CALL.finditer(part.address):
            parent, address = address, f"{address}.{step[0]}".strip(".")
            if address not in modules:
                modules[address] = {"address": address, "resources": []}
                modules[parent].setdefault("child_modules", []).append(modules[address])
        values = part.before if before and part.before is not None else part.values
        shown = _plain(dict(values)) if part.actions != ("forget",) or before else {}
        modules[address]["resources"].append({**_names(part), "schema_version": 0, "values": shown})
    return tree


def _change(part: Resource) -> dict[str, Any]:
    gone = part.actions in (("delete",), ("forget",))
    module = _module(part.address)
    return {
        **_names(part),
        **({"module_address": module} if module else {}),
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": list(part.actions),
            "before": None if part.before is None else _plain(dict(part.before)),
            "after": None if gone else _plain(dict(part.values)),
            "after_unknown": {} if gone else _unknown(dict(part.values)),
            "before_sensitive": {},
            "after_sensitive": {},
        },
    }


def _configuration(parts: tuple[Resource | Call, ...]) -> dict[str, Any]:
    root: dict[str, Any] = {"resources": []}
    for part in parts:
        if isinstance(part, Resource) and part.actions in (("delete",), ("forget",)) and not part.block_only:
            continue
        names = re.findall(r"module\.([\w-]+)", part.address if isinstance(part, Call) else _module(part.address))
        current = root
        for name in names:
            current = current.setdefault("module_calls", {}).setdefault(name, {"expressions": {}, "module": {}})
            current = current["module"]
        if isinstance(part, Call):
            outer = root
            for name in names[:-1]:
                outer = outer["module_calls"][name]["module"]
            outer["module_calls"][names[-1]]["expressions"] = _expressions(part.arguments)
            current["outputs"] = {name: {"expression": _expression(value)} for name, value in part.outputs.items()}
            continue
        named = _names(part)
        base = f"{'data.' if named['mode'] == 'data' else ''}{named['type']}.{named['name']}"
        listed = current.setdefault("resources", [])
        if all(block["address"] != base for block in listed):
            listed.append({
                "address": base,
                "mode": named["mode"],
                "type": named["type"],
                "name": named["name"],
                "provider_config_key": part.provider,
                "expressions": _expressions(part.values),
                **({"for_each_expression": _expression(part.for_each)} if part.for_each else {}),
            })  # fmt: skip
    return root
