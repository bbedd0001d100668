"""The Serverless Framework (versions 3 and 4, and osls): from a configuration to the template that it deploys.

What is made is what rules read: functions, roles, permissions, what fires, APIs. Not made are the code's bucket, tags,
deployments of APIs, and the functions of custom resources; made are the permissions that those give. Logical IDs are
the framework's own, only that of a version lacks its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless.documents import lines_of
from rolecall.iac.serverless.events import add_events
from rolecall.iac.serverless.functions import add_functions
from rolecall.iac.serverless.merging import merged, unmarked
from rolecall.iac.serverless.own_roles import add_own_roles
from rolecall.iac.serverless.plugins import ADDING, PSEUDO_PARAMETERS, foreign, mark_unknown, substituted
from rolecall.iac.serverless.roles import add_shared_role
from rolecall.iac.serverless.service import Service, service, table
from rolecall.iac.serverless.stack import Stack
from rolecall.iac.template import Declared, Template
from rolecall.unknown import Unknown

__all__ = ["template", "unread"]


def template(file: str, config: Mapping[str, Any]) -> Template:
    """The CloudFormation template of a configuration.

    config: the content of ``serverless.yml`` as ``documents.load`` gives it, or without lines; variables unresolved.
    Empty when the provider is not AWS. ``origin`` of a resource is the key of the function that it was generated for.
    """
    given = service(file, config)
    if given is None:
        return Template(file=file, framework="serverless", resources={})
    stack = Stack(given)
    add_shared_role(stack)
    add_functions(stack)
    add_events(stack)
    add_own_roles(stack)
    mark_unknown(stack)
    return _merged(stack)


def unread(file: str, config: Mapping[str, Any]) -> tuple[str, ...]:
    """What of a configuration is not known, section by section."""
    given = service(file, config)
    return given.unread if given else ()


def _merged(stack: Stack) -> Template:
    """The generated resources with those of ``resources`` laid over them."""
    given = stack.service
    written = table(given.resources.get("Resources"))
    whole = merged(stack.resources, {key: value for key, value in written.items() if isinstance(value, Mapping)})
    for logical, extension in table(given.resources.get("extensions")).items():
        resource = whole.get(logical)
        if isinstance(resource, Mapping) and isinstance(extension, Mapping):
            properties = {**table(resource.get("Properties")), **table(extension.get("Properties"))}
            whole[logical] = {**resource, **extension, "Properties": properties}
    if PSEUDO_PARAMETERS in given.plugins:
        whole = {logical: substituted(resource) for logical, resource in whole.items()}
    hidden = _hidden(given, written)
    return Template(
        file=given.file,
        framework="serverless",
        resources={
            logical: _declared(stack, logical, value) for logical, value in whole.items() if _is_resource(value)
        },
        parameters=unmarked(table(given.resources.get("Parameters"))),
        conditions=unmarked(table(given.resources.get("Conditions"))),
        mappings=unmarked(table(given.resources.get("Mappings"))),
        transforms=bool(foreign(given)) or hidden,
    )


def _hidden(given: Service, written: Mapping[str, Any]) -> bool:
    """Whether there may be resources that are not seen here."""
    if "Transform" in given.resources or any(plugin in ADDING for plugin in given.plugins):
        return True
    parts = [given.resources.get("Resources"), *written.values()]
    return any(section.startswith("resources") for section in given.unread) or any(
        isinstance(part, Unknown) for part in parts
    )


def _is_resource(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("Type"), str)


def _declared(stack: Stack, logical: str, resource: Mapping[str, Any]) -> Declared:
    function = stack.origins.get(logical)
    condition = resource.get("Condition")
    properties = resource.get("Properties")
    return Declared(
        logical=logical,
        type=resource["Type"],
        properties=unmarked(properties) if isinstance(properties, Mapping) else {},
        condition=condition if isinstance(condition, str) else "",
        lines=function.lines if function else lines_of(resource, stack.service.lines),
        origin=function.key if function else "",
        made_for=stack.made_for.get(logical, ""),
        attributes={"disableLogs": True} if function and function.settings.get("disableLogs") else {},
    )
