"""``AWS::Serverless::StateMachine``: the state machine, its role, and what starts it.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.apis import IMPLICIT, REST, add_route
from rolecall.iac.sam.policies import ExecutionRole, allow, managed_arn
from rolecall.iac.sam.schedules import rule, schedule
from rolecall.iac.sam.stack import Event, Stack, Target, trust
from rolecall.iac.sam.values import arn_of, mapping, picked, ref, sub
from rolecall.iac.template import Declared

_START = "states:StartExecution"
_DEFINITIONS = ("Definition", "DefinitionString", "DefinitionS3Location")


def state_machine(stack: Stack, source: Declared) -> None:
    """Make the resources of one state machine.

    The definition stays an object, which CloudFormation takes as well; SAM makes text of it. The path of a file stays
    too: ``sam package`` makes a place in a bucket of it before the transform.
    """
    given = stack.properties(source)
    called = Target(source, ref(source.logical), ref(source.logical))
    role = given.get("Role") or _execution_role(stack, source, given)
    stack.add(
        source.logical,
        "AWS::StepFunctions::StateMachine",
        {
            **picked({**given, "DefinitionS3Location": given.get("DefinitionUri")}, *_DEFINITIONS),
            "RoleArn": role,
            "StateMachineName": given.get("Name"),
            "StateMachineType": given.get("Type"),
            "TracingConfiguration": given.get("Tracing"),
            **picked(given, "DefinitionSubstitutions"),
        },
        source,
    )
    if isinstance(given.get("AutoPublishAlias"), str):
        _alias(stack, source, given["AutoPublishAlias"])
        if given.get("UseAliasAsEventTarget") is True:
            alias = ref(f"{source.logical}Alias{given['AutoPublishAlias']}")
            called = Target(source, alias, alias)
    for name, event in mapping(given.get("Events")).items():
        _start(Event(stack, str(name), mapping(mapping(event).get("Properties")), called,
                     ExecutionRole()), mapping(event).get("Type"), given.get("PermissionsBoundary"))  # fmt: skip


def _execution_role(stack: Stack, source: Declared, given: Mapping[str, Any]) -> Any:
    role, logical = ExecutionRole(), f"{source.logical}Role"
    role.add(given.get("Policies"), logical)
    if mapping(given.get("Tracing")).get("Enabled") is True:
        role.attach(managed_arn("AWSXrayWriteOnlyAccess"))
    others = picked({**given, "Path": given.get("RolePath")}, "Path", "PermissionsBoundary", "Tags")
    properties = role.properties(trust("states.amazonaws.com"), **others)
    stack.add(logical, "AWS::IAM::Role", properties, source, part="generated role")
    return arn_of(logical)


def _alias(stack: Stack, source: Declared, name: str) -> None:
    machine, version = ref(source.logical), f"{source.logical}Version"
    stack.add(version, "AWS::StepFunctions::StateMachineVersion", {"StateMachineArn": machine}, source)
    deployment = {"StateMachineVersionArn": ref(version), "Type": "ALL_AT_ONCE"}
    given = {"Name": name, "DeploymentPreference": deployment}
    stack.add(f"{source.logical}Alias{name}", "AWS::StepFunctions::StateMachineAlias", given, source)


def _start(event: Event, kind: Any, boundary: Any) -> None:
    """What one event makes: a rule or schedule, and the role with which it starts the state machine."""
    boundaries = {} if boundary is None else {"PermissionsBoundary": boundary}
    if kind == "ScheduleV2":
        schedule(event, _START)
    elif kind == "Schedule":
        role = event.given.get("RoleArn")
        expression = {"ScheduleExpression": event.property("Schedule"), **picked(event.given, "Name")}
        rule(event, expression, _starter(event, "events.amazonaws.com", boundaries) if role is None else role)
    elif kind in ("CloudWatchEvent", "EventBridgeRule"):
        pattern = {"EventPattern": event.given.get("Pattern"), "Name": event.given.get("RuleName")}
        starter = _starter(event, "events.amazonaws.com", boundaries)
        rule(event, {**pattern, **picked(event.given, "EventBusName")}, starter)
    elif kind == "Api":
        role = _starter(event, "apigateway.amazonaws.com", boundaries)
        uri = sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution")
        integration = {"type": "aws", "httpMethod": "POST", "uri": uri, "credentials": role}
        path, method = event.given.get("Path"), event.given.get("Method")
        if isinstance(path, str) and isinstance(method, str):
            add_route(event, event.given.get("RestApiId", ref(IMPLICIT[REST])), path, method, integration)


def _starter(event: Event, service: str, boundaries: Mapping[str, Any]) -> Any:
    role, logical = ExecutionRole(), f"{event.logical}Role"
    role.allow(f"{logical}StartExecutionPolicy", allow(_START, event.target.arn))
    event.add("Role", "AWS::IAM::Role", role.properties(trust(service), **boundaries))
    return arn_of(logical)
