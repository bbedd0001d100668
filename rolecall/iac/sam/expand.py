"""From a template with resources of SAM to one without."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rolecall.iac.sam.apis import HTTP, REST, api, implicit_apis
from rolecall.iac.sam.connectors import connectors
from rolecall.iac.sam.functions import function
from rolecall.iac.sam.stack import PREFIX, Stack
from rolecall.iac.sam.state_machines import state_machine
from rolecall.iac.sam.values import picked
from rolecall.iac.template import Declared, Template

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+\.[A-Za-z0-9]+)((?:\.[A-Za-z0-9]+)?)\}")


def _table(stack: Stack, source: Declared) -> None:
    stack.add(source.logical, "AWS::DynamoDB::Table", picked(stack.properties(source), "TableName"), source)


def _application(stack: Stack, source: Declared) -> None:
    stack.add(source.logical, "AWS::CloudFormation::Stack", {}, source)


_LAYER = f"{PREFIX}LayerVersion"
# In this order: the events of functions add to APIs.
_EXPANDED: Mapping[str, Callable[[Stack, Declared], None]] = {
    f"{PREFIX}Function": function,
    f"{PREFIX}StateMachine": state_machine,
    f"{PREFIX}SimpleTable": _table,
    f"{PREFIX}Application": _application,
    REST: api,
    HTTP: api,
}


def is_sam(template: Template) -> bool:
    """Whether there is anything to expand."""
    return any(
        declared.type.startswith(PREFIX) or "Connectors" in declared.attributes
        for declared in template.resources.values()
    )


def expand(template: Template) -> Template:
    """The template with plain CloudFormation in place of ``AWS::Serverless::*``, as SAM's transform makes it.

    Logical IDs are SAM's, except for the version of a function (``rolecall.iac.sam.functions``). Left out is what no
    rule looks at: layers, deployments, domains, usage plans, queue policies. A type that has no row here, such as
    ``AWS::Serverless::GraphQLApi``, stays, and the template then counts as one whose transforms may make anything.
    Nothing is raised, whatever the template holds.
    """
    if not is_sam(template):
        return template
    stack = Stack(template)
    for kind, make in _EXPANDED.items():
        for declared in template.resources.values():
            if declared.type == kind:
                make(stack, declared)
    for declared in list(implicit_apis(stack)):
        api(stack, declared)
    connectors(stack)
    resources = stack.resources
    if stack.renamed:
        known: dict[int, Any] = {}
        resources = {
            logical: replace(declared, properties=_renamed(declared.properties, stack.renamed, known))
            for logical, declared in resources.items()
        }
    unread = any(made.type.startswith(PREFIX) and made.type != _LAYER for made in resources.values())
    transforms = template.transforms or unread
    return replace(template, resources=resources, conditions=stack.conditions, globals={}, transforms=transforms)


def _renamed(value: Any, names: Mapping[str, str], known: dict[int, Any]) -> Any:
    """The value with ``Function.Alias`` and the like replaced by logical IDs."""
    if not isinstance(value, (dict, list)):
        return value
    if id(value) in known:
        return known[id(value)]
    known[id(value)] = value  # what contains itself ends here
    if isinstance(value, list):
        known[id(value)] = [_renamed(item, names, known) for item in value]
    else:
        known[id(value)] = {key: _reference(key, item, names, known) for key, item in value.items()}
    return known[id(value)]


def _reference(key: Any, value: Any, names: Mapping[str, str], known: dict[int, Any]) -> Any:
    if key == "Ref" and isinstance(value, str):
        return names.get(value, value)
    if key == "Fn::GetAtt":
        parts = value.split(".") if isinstance(value, str) else value
        if isinstance(parts, list) and len(parts) > 2 and all(isinstance(part, str) for part in parts):
            logical = names.get(".".join(parts[:2]))
            return [logical, *parts[2:]] if logical else value
        if isinstance(parts, list) and parts and isinstance(parts[0], str) and parts[0] in names:
            return [names[parts[0]], *parts[1:]]
        return value
    if key == "Fn::Sub":
        text = value[0] if isinstance(value, list) and value else value
        if isinstance(text, str):
            written = _PLACEHOLDER.sub(lambda found: f"${{{names.get(found[1], found[1])}{found[2]}}}", text)
            if not isinstance(value, list):
                return written
            return [written, *(_renamed(item, names, known) for item in value[1:])]
    return _renamed(value, names, known)
