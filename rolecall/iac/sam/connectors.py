"""``AWS::Serverless::Connector`` and the attribute ``Connectors``: permissions between two resources.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/managing-permissions-connectors.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rolecall.iac.sam.data import connector, connector_resource
from rolecall.iac.sam.stack import PREFIX, Stack
from rolecall.iac.sam.values import is_intrinsic, listed, mapping, ref, referred, sub
from rolecall.iac.template import Declared
from rolecall.unknown import Unknown

CONNECTOR = f"{PREFIX}Connector"
_PLAIN = {
    f"{PREFIX}Function": "AWS::Lambda::Function",
    f"{PREFIX}StateMachine": "AWS::StepFunctions::StateMachine",
    f"{PREFIX}Api": "AWS::ApiGateway::RestApi",
    f"{PREFIX}HttpApi": "AWS::ApiGatewayV2::Api",
    f"{PREFIX}SimpleTable": "AWS::DynamoDB::Table",
}


@dataclass(frozen=True)
class End:
    """One end of a connector.

    role: its role as a policy names it; ``None`` without one. values: what the profile calls ``Arn``, ``Name``,
    ``ResourceId``, ``Qualifier``.
    """

    type: str
    role: Any
    values: Mapping[str, Any]


def connectors(stack: Stack) -> None:
    """Make what all connectors of the template make; the resources they connect are expanded already."""
    for logical, declared in stack.written.resources.items():
        if declared.type == CONNECTOR:
            del stack.resources[logical]
            _connect(stack, declared, logical, stack.properties(declared))
        attached = stack.clean(declared.attributes.get("Connectors"))
        if isinstance(attached, Unknown):
            _doubt(stack, declared, {"Id": logical}, attached.reason)
        for name, given in mapping(attached).items():
            properties = mapping(mapping(given).get("Properties"))
            own = {**mapping(properties.get("SourceReference")), "Id": logical}
            condition = mapping(given).get("Condition")
            made_under = replace(declared, condition=condition if isinstance(condition, str) else declared.condition)
            _connect(stack, made_under, f"{logical}{name}", {**properties, "Source": own})


def _connect(stack: Stack, declared: Declared, logical: str, given: Mapping[str, Any]) -> None:
    source, wanted = mapping(given.get("Source")), listed(given.get("Permissions"))
    several = isinstance(given.get("Destination"), list)
    for number, destination in enumerate(listed(given.get("Destination"))):
        to = mapping(destination)
        ends = {"Source": _end(stack, source, to), "Destination": _end(stack, to, source)}
        profile = connector(ends["Source"].type, ends["Destination"].type)
        if profile is None:  # neither end is a function or state machine, or nobody can tell what they are
            if not (ends["Source"].type and ends["Destination"].type) or is_intrinsic(given.get("Destination")):
                _doubt(stack, declared, source, f"what the connector {logical} connects is not known")
            continue
        suffix = f"Destination{number}" if several else ""
        for name, kind, properties in _made(profile, ends, wanted):
            stack.add(f"{logical}{name}{suffix}", kind, properties, declared)


def _made(
    profile: Mapping[str, Any], ends: Mapping[str, End], wanted: Any
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What follows the logical ID, the type, and the properties of each resource of a connector."""
    of = profile["Properties"]
    variables = {f"{side}.{name}": value for side, end in ends.items() for name, value in end.values.items()}
    granted = {name: _filled(given, variables) for name, given in of["AccessCategories"].items() if name in wanted}
    holder = ends["Source" if of["SourcePolicy"] else "Destination"]
    if profile["Type"] == "AWS_IAM_ROLE_MANAGED_POLICY":
        statements = [statement for given in granted.values() for statement in given["Statement"]]
        document = {"Version": "2012-10-17", "Statement": statements}
        role = holder.role or Unknown("the role that the connector is for is not known")
        yield "Policy", "AWS::IAM::ManagedPolicy", {"PolicyDocument": document, "Roles": [role]}
    elif profile["Type"] == "AWS_LAMBDA_PERMISSION":
        for name, given in granted.items():
            parameters = {key: given[key] for key in ("Action", "Principal", "SourceArn", "SourceAccount")
                          if given.get(key) is not None}  # fmt: skip
            function = holder.values.get("Arn") or Unknown("the function of the connector is not known")
            yield f"{name}LambdaPermission", "AWS::Lambda::Permission", {"FunctionName": function, **parameters}


def _end(stack: Stack, given: Mapping[str, Any], other: Mapping[str, Any]) -> End:
    """One end, by its logical ID or described. other: the other end."""
    logical = given.get("Id")
    declared = stack.resources.get(logical) if isinstance(logical, str) else None
    if declared is None:
        kind = given.get("Type") if "Id" not in given else ""
        values = {name: given[name] for name in ("Arn", "Name", "ResourceId", "Qualifier") if name in given}
        return End(_PLAIN.get(kind, kind) if isinstance(kind, str) else "", given.get("RoleName"), values)
    row = connector_resource(declared.type)
    outputs = _filled(row.get("Outputs", {}), {"logicalId": logical})
    values = {{"Id": "ResourceId"}.get(name, name): value for name, value in outputs.items()}
    if given.get("Qualifier") is not None:
        values["Qualifier"] = given["Qualifier"]
    property_ = row.get("Inputs", {}).get("Role")
    held = declared.properties.get(property_) if isinstance(property_, str) else _rule_role(declared, other)
    return End(declared.type, ref(referred(held)) if referred(held) else None, values)


def _rule_role(declared: Declared, other: Mapping[str, Any]) -> Any:
    """The role with which a rule calls the other end."""
    for target in listed(declared.properties.get("Targets")):
        arn = mapping(target).get("Arn")
        if (other.get("Id") and referred(arn) == other["Id"]) or (other.get("Arn") and arn == other["Arn"]):
            return mapping(target).get("RoleArn")
    return None


def _doubt(stack: Stack, declared: Declared, source: Mapping[str, Any], why: str) -> None:
    """A connector that nobody can read: the role of its source may hold more than is known."""
    role = stack.resources.get(referred(_end(stack, source, {}).role))
    if role is not None:
        unread = Unknown(why)
        stack.change(role.logical, {**role.properties, "Policies": [*listed(role.properties.get("Policies")), unread]})
    made = {"FunctionName": Unknown(why), "Principal": Unknown(why), "Action": "lambda:InvokeFunction"}
    stack.add(f"{declared.logical}Connectors", "AWS::Lambda::Permission", made, declared, part="connectors")


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """A part of a profile with its ``%{...}`` in their places."""
    if isinstance(value, dict):
        return {key: _filled(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, variables) for item in value]
    if not isinstance(value, str) or ("%{" not in value and "${" not in value):
        return value
    used: dict[str, Any] = {}
    while "%{" in value:
        before, _, rest = value.partition("%{")
        name, _, after = rest.partition("}")
        if not before and not after:
            return variables.get(name, Unknown(f"{name} of the connector is not known"))
        plain = "".join(filter(str.isalnum, name))
        used[plain] = variables.get(name, Unknown(f"{name} of the connector is not known"))
        value = f"{before}${{{plain}}}{after}"
    return sub(value, **used)
