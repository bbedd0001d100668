"""The real SAM transform (aws-sam-translator), and what of a template is compared with ours.

What differs on purpose, and is made equal here before the comparison:
- the partition is a pseudo parameter with us and that of the region with SAM;
- SAM puts a hash into the logical ID of a function's version and of a condition that it makes, we put none;
- SAM puts defaults of parameters in the place of some references; we leave references to the reader;
- names of inline policies, the order of statements, IDs of targets, tags, and what is in an API's definition beside
  its integrations and Lambda authorizers.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from rolecall.iac.template import Declared, Template
from rolecall.unknown import Unknown

# type -> the properties that are compared; an empty tuple: all
COMPARED: Mapping[str, tuple[str, ...]] = {
    "AWS::Lambda::Function": ("FunctionName", "Role", "VpcConfig", "TracingConfig", "DeadLetterConfig", "SnapStart",
                              "LoggingConfig", "FileSystemConfigs"),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "Path", "PermissionsBoundary"),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", "Roles"),
    "AWS::Lambda::Permission": (),
    "AWS::Lambda::EventSourceMapping": ("FunctionName", "EventSourceArn", "DestinationConfig", "FilterCriteria",
                                        "SourceAccessConfigurations", "SelfManagedEventSource", "Topics", "Queues"),
    "AWS::Lambda::Alias": ("Name", "FunctionName", "FunctionVersion"),
    "AWS::Lambda::Version": ("FunctionName",),
    "AWS::Lambda::Url": ("AuthType", "TargetFunctionArn"),
    "AWS::Lambda::EventInvokeConfig": (),
    "AWS::Events::Rule": ("Targets", "ScheduleExpression", "EventPattern", "Name", "EventBusName", "State"),
    "AWS::Scheduler::Schedule": (),
    "AWS::SNS::Subscription": (),
    "AWS::S3::Bucket": ("NotificationConfiguration",),
    "AWS::Cognito::UserPool": ("LambdaConfig",),
    "AWS::Logs::SubscriptionFilter": ("LogGroupName", "DestinationArn"),
    "AWS::IoT::TopicRule": ("TopicRulePayload",),
    "AWS::StepFunctions::StateMachine": ("RoleArn", "StateMachineName", "StateMachineType", "TracingConfiguration"),
    "AWS::ApiGateway::RestApi": ("Body",),
    "AWS::ApiGatewayV2::Api": ("Body",),
    "AWS::ApiGateway::Stage": ("StageName", "RestApiId"),
    "AWS::ApiGatewayV2::Stage": ("StageName", "ApiId"),
}  # fmt: skip
Compared = dict[str, tuple[str, str, dict[str, Any]]]


def transformed(document: Mapping[str, Any]) -> Compared:
    """What the real transform makes of a template; raises its ``InvalidDocumentException``."""
    parameters = {name: given["Default"] for name, given in document.get("Parameters", {}).items()}
    session = boto3.session.Session(region_name="us-east-1")
    made = Translator({}, Parser(), None, session).translate(copy.deepcopy(document), parameters)
    resources = {
        logical: (given["Type"], given.get("Condition", ""), given.get("Properties", {}))
        for logical, given in made["Resources"].items()
    }
    return compared(resources, parameters)


def template_of(document: Mapping[str, Any]) -> Template:
    """A parsed template as our readers get it."""
    return Template(
        file="template.yaml",
        framework="cloudformation",
        resources={
            logical: Declared(
                logical,
                given["Type"],
                given.get("Properties", {}),
                given.get("Condition", ""),
                attributes={name: given[name] for name in ("Connectors", "IgnoreGlobals") if name in given},
            )
            for logical, given in document["Resources"].items()
        },
        parameters=document.get("Parameters", {}),
        conditions=document.get("Conditions", {}),
        globals=document.get("Globals", {}),
    )


def expanded(template: Template, document: Mapping[str, Any]) -> Compared:
    """The same of what we made."""
    parameters = {name: given["Default"] for name, given in document.get("Parameters", {}).items()}
    return compared(
        {logical: (made.type, made.condition, made.properties) for logical, made in template.resources.items()},
        parameters,
    )


def compared(resources: Mapping[str, tuple[str, str, Mapping[str, Any]]], parameters: Mapping[str, Any]) -> Compared:
    """The resources that matter, in one form: type, condition, properties."""
    found: Compared = {}
    for logical, (kind, condition, properties) in resources.items():
        if kind in COMPARED:
            names = COMPARED[kind] or tuple(properties)
            kept = {name: _plain(properties[name], parameters) for name in names if properties.get(name) is not None}
            if "Body" in kept:  # ours is unknown where the definition is a file, theirs absent
                kept["Body"] = dict(_wirings(kept["Body"])) if isinstance(kept["Body"], dict) else {}
            for target in kept.get("Targets", []):
                target.pop("Id")
            for name in {"ManagedPolicyArns", "Policies"} & kept.keys():
                kept[name] = sorted(json.dumps(_nameless(entry), sort_keys=True) for entry in kept[name])
            if kind == "AWS::IAM::ManagedPolicy":
                kept["PolicyDocument"] = _nameless(kept)["PolicyDocument"]
            kept = {name: value for name, value in kept.items() if value not in ([], {})}
            found[_plain(logical, {})] = (kind, _plain(condition or "", {}), kept)
    return found


def _nameless(policy: Any) -> Any:
    if isinstance(policy, dict) and "Fn::If" in policy:
        return {"Fn::If": [_nameless(part) for part in policy["Fn::If"]]}
    if not isinstance(policy, dict) or "PolicyDocument" not in policy:
        return policy
    document = policy["PolicyDocument"]
    return {"PolicyDocument": {**document, "Statement": sorted(document["Statement"], key=json.dumps)}}


def _plain(value: Any, parameters: Mapping[str, Any]) -> Any:
    if isinstance(value, Unknown):
        return f"unknown: {value.reason}"
    if isinstance(value, list):
        return [_plain(item, parameters) for item in value]
    if isinstance(value, str):
        return re.sub(r"(Version|^NOT\w+?)[0-9a-f]{10}$", r"\1", value.replace("${AWS::Partition}", "aws"))
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("Ref"), str) and value["Ref"] in parameters:
        return parameters[value["Ref"]]
    own = {key: _plain(item, parameters) for key, item in value.items()}
    text = own.get("Fn::Sub")
    if isinstance(own.get("Action"), list) and len(own["Action"]) == 1:
        own["Action"] = own["Action"][0]
    return text if isinstance(text, str) and "${" not in text else own


def _wirings(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What an API's definition calls and with which role: by method and path, and for its authorizers."""
    for path, item in body.get("paths", {}).items():
        for methods in _branches(item):
            for method, operations in methods.items():
                for operation in _branches(operations):
                    called = operation.get("x-amazon-apigateway-integration", {})
                    if method != "options" and "uri" in called:
                        # SAM puts a slash before $default where the API is told to fail on warnings
                        yield (
                            f"{method} {path.replace('/$', '$')}",
                            [list(_branches(called["uri"])), called.get("credentials")],
                        )
    schemes = {**body.get("securityDefinitions", {}), **body.get("components", {}).get("securitySchemes", {})}
    for name, scheme in schemes.items():
        called = scheme.get("x-amazon-apigateway-authorizer", {})
        if "authorizerUri" in called:
            yield f"authorizer {name}", [called["authorizerUri"], called.get("authorizerCredentials")]


def _branches(value: Any) -> Iterator[Any]:
    """The value, or those of its branches that have one."""
    for branch in value["Fn::If"][1:] if isinstance(value, dict) and "Fn::If" in value else [value]:
        if branch != {"Ref": "AWS::NoValue"}:
            yield branch
