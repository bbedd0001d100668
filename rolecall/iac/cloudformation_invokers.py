"""Finds what is wired to call functions in a template, by the rows of ``cloudformation_invoker_rows``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Union

from rolecall.iac.cloudformation_invoker_rows import ROWS, Row
from rolecall.iac.cloudformation_state_machines import StateMachines
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import as_text, pseudo
from rolecall.iac.role_calls import Call, Properties
from rolecall.iac.template import Declared
from rolecall.iac.wiring import json_member, may_be_function, source_name
from rolecall.model import Invoker, Resource
from rolecall.unknown import PartlyKnown, Text, Unknown, text


def invokers(values: TemplateValues, resource_of: Callable[[Declared], Resource]) -> Iterator[Invoker]:
    """The invokers of one template. resource_of: makes the model's resource of a declared one."""
    machines = StateMachines(values)
    for row in ROWS:
        for declared in values.made(row.type):
            source, resource = row.source(values, declared), resource_of(declared)
            shown = _shown(values, declared, row, source)
            for call in _calls(values, declared, row, machines):
                if not row.mixed or may_be_function(call.function):
                    of = replace(resource, account=row.account) if row.account else resource
                    yield call.invoker(row.kind, shown, of, source)


def _shown(values: TemplateValues, declared: Declared, row: Row, source: Text) -> str:
    """The wiring for a reader; where all it has is a logical ID that was generated, what that was made for."""
    named = values.get(declared, row.name) if row.name else source_name(source, declared.logical)
    name = named if isinstance(named, str) else declared.logical
    if declared.made_for and name == declared.logical:
        return f"{declared.made_for[:1].upper()}{declared.made_for[1:]}"
    return f"{row.what} {name}"


def _calls(values: TemplateValues, declared: Declared, row: Row, machines: StateMachines) -> Iterator[Call]:
    if row.calls:
        yield from row.calls(_properties(values, declared, machines))
        return
    for holder in _holders(values.value(declared, row.path[0]) if row.path else values.properties(declared), row):
        role = holder.get(row.role) if isinstance(holder, Mapping) else None
        yield from (Call(function, as_text(role) if role else None) for function in _functions(row, holder))


def _properties(values: TemplateValues, declared: Declared, machines: StateMachines) -> Properties:
    def get(name: str) -> Any:
        return values.value(declared, name)

    def arn(function: Text, region: Text | None) -> Text:
        where = ("arn:", values.intrinsics.partition, ":lambda:", region or pseudo("AWS::Region"), ":")
        whole = text(*where, pseudo("AWS::AccountId"), ":function:", function)
        return function if str(function).startswith("arn:") else whole

    return Properties(get, arn, lambda: machines.tasks(declared))


Holder = Union[Mapping[str, Any], Unknown]


def _functions(row: Row, holder: Holder) -> list[Text]:
    if isinstance(holder, Unknown):
        return [holder]
    named = [holder.get(name) for name in row.function.split(",")]
    given = [as_text(item) for value in named for item in (value if isinstance(value, list) else [value]) if item]
    return given if given or row.optional or row.mixed else [Unknown(f"{row.function} is missing")]


def _holders(value: Any, row: Row) -> Iterator[Holder]:
    """What is found at the row's path, below its first step; what is not known may hold a wiring."""
    attribute, wanted = row.when
    for holder in _at(value, row.path[1:], row):
        if not attribute or (isinstance(holder, Mapping) and holder.get(attribute) == wanted):
            yield holder


def _at(value: Any, path: tuple[str, ...], row: Row) -> Iterator[Holder]:
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path, row)
    elif isinstance(value, (str, PartlyKnown)) and not path:
        yield {row.function: json_member(value, row.function)}
    elif isinstance(value, Unknown):
        yield value
    elif isinstance(value, Mapping):
        if path:
            yield from _at(value.get(path[0]), path[1:], row)
        else:
            yield value
