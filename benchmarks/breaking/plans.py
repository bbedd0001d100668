"""Broken plans: edits of the parts that a healthy one is built of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from healthy.plans import HEALTHY, Parts
from plans import ACCOUNT, Given, Resource, after, known, plan, written

from breaking import (
    ELSEWHERE,
    OPTIONAL,
    OTHER_ACCOUNT,
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

_FILE = "tfplan.json"
_ATTACHES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment")

Edit = tuple[str, str, Needed, dict[int, Resource | None]]  # kind, what is changed, needed, new parts by place


def templates() -> Iterator[Template]:
    for name, parts in HEALTHY.items():
        yield Template("plan", name, {_FILE: written(plan(*parts))})


def broken(template: Template) -> Iterator[Break]:
    parts = HEALTHY[template.name]
    for place, part in enumerate(parts):
        kind, _, name = part.address.rpartition(".")
        for what, new, needed, changed in _edits(parts, place, kind, name):
            copy = [kept for at, each in enumerate(parts) if (kept := changed.get(at, each)) is not None]
            yield Break(template, what, f"{part.address}: {new}", plain(name), needed, {_FILE: written(plan(*copy))})


def _edits(parts: Parts, place: int, kind: str, name: str) -> Iterator[Edit]:
    part, needed = parts[place], marked(name)
    if kind == "aws_lambda_permission" and needed:
        yield "permission dropped", "dropped", needed, {place: None}
        for what, attribute, value in _of_permission(parts, part):
            shown = value.references[0] if isinstance(value, Given) else value
            yield what, f"{attribute} = {shown}", needed, {place: _with(part, attribute, value)}
    if kind in _ATTACHES and (needed or managed(part.values.get("policy_arn"), name)):
        yield "attachment or policy dropped", "dropped", needed, {place: None}
    if kind == "aws_iam_role":
        yield from _of_role(parts, place, name)
    for attribute in ("policy", "inline_policy"):
        if isinstance(part.values.get(attribute), str):
            for what, new, needs, document in _of_document(json.loads(part.values[attribute])):
                yield what, new, needs, {place: _with(part, attribute, json.dumps(document))}


def _of_permission(parts: Parts, part: Resource) -> Iterator[tuple[str, str, Any]]:
    """Kind of break, attribute and new value."""
    yield "principal changed", "principal", OTHER_SERVICE
    yield "action changed", "action", OTHER_ACTION
    yield "function changed", "function_name", known("other", "aws_lambda_function.other.function_name")
    yield "source changed", "source_arn", ELSEWHERE
    if part.values["source_account"]:
        yield "source account changed", "source_account", OTHER_ACCOUNT
    if part.values["qualifier"]:
        yield "qualifier changed", "qualifier", None
    if any(each.address.startswith("aws_lambda_alias.") for each in parts):
        # without one, what is called is known only after apply, its qualifier too
        yield "qualifier changed", "qualifier", "previous"
    source = part.values["source_arn"]
    if isinstance(source, Given):
        other = re.sub(r"^(\w+)\.\w+", r"\1.other", source.references[0])
        if any(each.address == other.rpartition(".")[0] for each in parts):
            yield "source changed to its like", "source_arn", _like(source, other)


def _like(source: Given, reference: str) -> Given:
    """The same attribute of another resource, which is known when that of the first one is."""
    if not source.is_known:
        return after(reference)
    return known(f"{source.value.rpartition(':')[0]}:other", reference)


def _of_role(parts: Parts, place: int, name: str) -> Iterator[Edit]:
    part, trust = parts[place], parts[place].values["assume_role_policy"]
    services = [service for service in TRUSTED if f'"{service}"' in trust]
    for service in services:
        fails = frozenset({(TRUSTED[service], plain(name))})
        new = _with(part, "assume_role_policy", trust.replace(f'"{service}"', f'"{OTHER_SERVICE}"'))
        yield "trusted service replaced", service, fails, {place: new}
    fails = frozenset((TRUSTED[service], plain(name)) for service in services)
    new = _with(part, "assume_role_policy", trust.replace("sts:AssumeRole", OTHER_TRUST))
    yield "trust action replaced", OTHER_TRUST, fails, {place: new}
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    gone = replace(part, actions=("delete",), before={"name": name, "path": "/", "arn": arn})
    user = next(at for at, each in enumerate(parts) if each.address == f"aws_lambda_function.{name}")
    fails = frozenset({("RC101", plain(name))})
    yield "role destroyed", arn, fails, {place: gone, user: _with(parts[user], "role", arn)}


def _of_document(document: Any) -> Iterator[tuple[str, str, Needed, Any]]:
    listed = document["Statement"]
    for number, statement in enumerate(listed):
        needed, rest = marked(statement["Sid"]), [*listed[:number], *listed[number + 1 :]]
        if not needed:
            continue

        def other(statement: Any, number: int = number) -> Any:
            return {**document, "Statement": [*listed[:number], statement, *listed[number + 1 :]]}

        if rest:  # IAM takes no empty list: the whole policy would go
            yield "statement dropped", statement["Sid"], needed, {**document, "Statement": rest}
        for action in statement["Action"]:
            left = [each for each in statement["Action"] if each != action]
            if left and action not in OPTIONAL:
                yield "action dropped", f"{statement['Sid']} {action}", needed, other({**statement, "Action": left})
        changed = {**statement, "Resource": ELSEWHERE}
        yield "statement's resource changed", statement["Sid"], needed, other(changed)


def _with(part: Resource, attribute: str, value: Any) -> Resource:
    """The same with another value, which is there afterwards only."""
    actions = ("update",) if part.actions == ("no-op",) else part.actions
    return replace(part, values={**part.values, attribute: value}, actions=actions)
