"""Broken copies of CloudFormation, SAM and Serverless templates: edits of the parsed document."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from breaking import (
    ELSEWHERE,
    OPTIONAL,
    OTHER_ACTION,
    OTHER_SERVICE,
    OTHER_TRUST,
    TRUSTED,
    Break,
    Needed,
    Template,
    managed,
    marked,
    plain,
)  # fmt: skip

_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_DROP = object()

Path_ = tuple[Any, ...]  # keys and indexes, from the root
Edit = tuple[str, str, Needed, Path_, Any]  # kind, what was broken, needed, where, new value


class Loader(yaml.SafeLoader):
    """Reads ``!GetAtt A.B`` as ``{"Fn::GetAtt": ["A", "B"]}``, and so on."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", _intrinsic)  # type: ignore[no-untyped-call]


def templates(folder: Path, framework: str) -> Iterator[Template]:
    """Every file of the folder. framework: a name for the reader; Serverless has a file name of its own."""
    for path in sorted(folder.iterdir()):
        name = "serverless.yml" if framework == "Serverless" else path.name
        yield Template(framework, path.name, {name: path.read_text()})


def broken(template: Template) -> Iterator[Break]:
    [(name, text)] = template.files.items()
    document = yaml.load(text, Loader)  # noqa: S506, a safe loader
    at: Path_ = ("resources", "Resources") if template.framework == "Serverless" else ("Resources",)
    for kind, what, needed, path, new in [
        *_of_resources(document, at),
        *_of_functions(document),
        *_of_statements(document),
    ]:
        if kind == "source undeclared" and template.framework != "CloudFormation":
            continue  # the framework may declare it
        edited = _edited(document, path, new)
        written = json.dumps(edited) if name.endswith(".json") else yaml.safe_dump(edited, sort_keys=False)
        shown = "dropped" if new is _DROP else f"= {new}"
        yield Break(
            template,
            kind,
            f"{what} {'.'.join(map(str, path[len(at) :]))} {shown}",
            plain(what),
            needed,
            {name: written},
        )


def _of_resources(document: Any, at: Path_) -> Iterator[Edit]:
    resources = _get(document, at)
    for logical, resource in resources.items():
        kind, properties, path = resource["Type"], resource.get("Properties", {}), (*at, logical, "Properties")
        if kind == "AWS::Lambda::Permission" and marked(logical):
            yield "permission dropped", logical, marked(logical), (*at, logical), _DROP
            yield from _of_permission(resources, logical, properties, path)
        if kind in _POLICIES and marked(logical) and ("Roles" in properties or "RoleName" in properties):
            yield "attachment or policy dropped", logical, marked(logical), (*at, logical), _DROP
        if kind in _FUNCTIONS and "Role" in properties:
            fails = frozenset({("RC101", plain(logical))})
            yield "role undeclared", logical, fails, (*path, "Role"), {"Fn::GetAtt": ["Nowhere", "Arn"]}
        if kind == "AWS::IAM::Role":
            yield from _of_role(logical, properties, path)


def _of_permission(resources: Any, logical: str, properties: Any, path: Path_) -> Iterator[Edit]:
    needed, function = marked(logical), properties["FunctionName"]
    other = "Other" if "Other" in resources else "OtherLambdaFunction"
    yield "principal changed", logical, needed, (*path, "Principal"), OTHER_SERVICE
    yield "action changed", logical, needed, (*path, "Action"), OTHER_ACTION
    yield "function changed", logical, needed, (*path, "FunctionName"), {"Ref": other}
    of_alias = next((r for r in resources.values() if r["Type"] == "AWS::Lambda::Alias"), None)
    if of_alias and function == {"Ref": next(n for n, r in resources.items() if r is of_alias)}:
        yield "qualifier changed", logical, needed, (*path, "FunctionName"), of_alias["Properties"]["FunctionName"]
    elif isinstance(function.get("Ref"), str) and "." not in function["Ref"]:
        yield (
            "qualifier changed",
            logical,
            needed,
            (*path, "FunctionName"),
            {"Fn::Sub": f"${{{function['Ref']}}}:previous"},
        )
    if "SourceArn" not in properties:
        return
    source = properties["SourceArn"]
    yield "source changed", logical, needed, (*path, "SourceArn"), ELSEWHERE
    for name in [n for n in resources if _replaced(source, n, "Nowhere") != source]:
        sibling = next(
            (n for n, r in resources.items() if n.startswith("Other") and r["Type"] == resources[name]["Type"]), ""
        )
        if sibling:
            yield "source changed to its like", logical, needed, (*path, "SourceArn"), _replaced(source, name, sibling)
        undeclared = _replaced(source, name, "Nowhere")
        yield "source undeclared", logical, frozenset({("RC346", plain(logical))}), (*path, "SourceArn"), undeclared


def _of_role(logical: str, properties: Any, path: Path_) -> Iterator[Edit]:
    name = logical.removesuffix("Role")
    trust = (*path, "AssumeRolePolicyDocument")
    for number, statement in enumerate(properties["AssumeRolePolicyDocument"]["Statement"]):
        services = statement["Principal"]["Service"]
        listed, at = (services, True) if isinstance(services, list) else ([services], False)
        for index, service in enumerate(listed):
            fails = frozenset({(TRUSTED[service], plain(name))})
            where = (*trust, "Statement", number, "Principal", "Service", *([index] if at else []))
            yield "trusted service replaced", name, fails, where, OTHER_SERVICE
        fails = frozenset((TRUSTED[service], plain(name)) for service in listed)
        yield "trust action replaced", name, fails, (*trust, "Statement", number, "Action"), OTHER_TRUST
    for number, attached in enumerate(properties.get("ManagedPolicyArns", [])):
        arn = attached.get("Fn::Sub", attached.get("Ref")) if isinstance(attached, dict) else attached
        if fails := managed(arn, name) or marked(str(arn)):
            yield "attachment or policy dropped", name, fails, (*path, "ManagedPolicyArns", number), _DROP


def _of_functions(document: Any) -> Iterator[Edit]:
    """Functions as Serverless writes them."""
    for name, function in document.get("functions", {}).items():
        if "role" in function:
            yield "role undeclared", name, frozenset({("RC101", plain(name))}), ("functions", name, "role"), "Nowhere"


def _of_statements(document: Any) -> Iterator[Edit]:
    for path, statement in _walk(document):
        sid = str(statement.get("Sid", ""))
        if not marked(sid):
            continue
        if len(_get(document, path[:-1])) > 1:  # IAM takes no empty list: the whole policy would go
            yield "statement dropped", sid, marked(sid), path, _DROP
        for number, action in enumerate(statement["Action"]) if isinstance(statement["Action"], list) else ():
            if action not in OPTIONAL and len(statement["Action"]) > 1:
                yield "action dropped", sid, marked(sid), (*path, "Action", number), _DROP
        yield "statement's resource changed", sid, marked(sid), (*path, "Resource"), ELSEWHERE


def _walk(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, dict[str, Any]]]:
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(node, dict):
        yield path, node
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node))
    for key, value in items:
        yield from _walk(value, (*path, key))


def _get(document: Any, path: Path_) -> Any:
    for key in path:
        document = document[key]
    return document


def _edited(document: Any, path: Path_, new: Any) -> Any:
    edited = copy.deepcopy(document)
    holder = _get(edited, path[:-1])
    if new is _DROP:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return edited


def _replaced(value: Any, name: str, new: str) -> Any:
    """A value that refers to another resource instead."""
    change: Callable[[Any], Any] = lambda item: _replaced(item, name, new)  # noqa: E731
    if isinstance(value, dict):
        if value.get("Ref") == name:
            return {"Ref": new}
        if isinstance(value.get("Fn::GetAtt"), list) and value["Fn::GetAtt"][0] == name:
            return {"Fn::GetAtt": [new, *value["Fn::GetAtt"][1:]]}
        if isinstance(value.get("Fn::Sub"), str):
            return {"Fn::Sub": value["Fn::Sub"].replace(f"${{{name}}}", f"${{{new}}}")}
        return {key: change(item) for key, item in value.items()}
    return [change(item) for item in value] if isinstance(value, list) else value
