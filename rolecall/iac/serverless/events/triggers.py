"""Other services that call a function: ``cloudwatchLog``, ``iot``, ``alb``, ``cognitoUserPool``, ``alexaSkill`` ...

Sources: the pages of each under https://www.serverless.com/framework/docs/providers/aws/guide/events
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, setting, table
from rolecall.iac.serverless.stack import Compile, Stack, here
from rolecall.unknown import Unknown


def _log_filters(stack: Stack, function: Function) -> None:
    groups: list[Any] = []
    permission = f"{function.normal}LambdaPermissionLogsSubscriptionFilterCloudWatchLog"
    for number, event in enumerate(function.events("cloudwatchLog"), start=1):
        group = setting(event, "logGroup")
        group = re.sub(r"\r?\n", "", group) if isinstance(group, str) else group
        groups.append(group)
        stack.add(
            f"{function.normal}LogsSubscriptionFilterCloudWatchLog{number}",
            "AWS::Logs::SubscriptionFilter",
            {
                "LogGroupName": group,
                "FilterPattern": table(event).get("filter") or "",
                "DestinationArn": function.target,
            },
            function,
            DependsOn=[permission],
        )
        principal = {"Fn::Join": ["", ["logs.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}
        stack.permit(permission, function, principal, here("logs", "log-group:", _common_start(groups), ":*"))


def _common_start(groups: list[Any]) -> Any:
    """What the names of all log groups begin with, and ``*``; of one, its name."""
    unknown = next((group for group in groups if not isinstance(group, str)), None)
    if unknown is not None:
        return unknown if len(groups) == 1 else Unknown("what the log groups' names have in common is not known")
    start = groups[0]
    for group in groups[1:]:
        same = (own == other for own, other in zip(start, group, strict=False))
        start = start[: next((at for at, equal in enumerate(same) if not equal), len(start))]
    return f"{start}*" if len(groups) > 1 and not start.endswith("*") else start


def _iot_rules(stack: Stack, function: Function) -> None:
    for number, event in enumerate(function.events("iot"), start=1):
        rule = f"{function.normal}IotTopicRule{number}"
        payload = {
            "RuleDisabled": table(event).get("enabled") is False,
            "Sql": table(event).get("sql"),
            "Actions": [{"Lambda": {"FunctionArn": function.target}}],
        }
        stack.add(
            rule, "AWS::IoT::TopicRule", {"RuleName": table(event).get("name"), "TopicRulePayload": payload}, function
        )
        stack.permit(
            f"{function.normal}LambdaPermissionIotTopicRule{number}", function, "iot.amazonaws.com",
            here("iot", "rule/", {"Ref": rule}),
        )  # fmt: skip


def _iot_provisioning(stack: Stack, function: Function) -> None:
    for event in function.events("iotFleetProvisioning"):
        stack.add(
            f"{function.normal}IotProvisioningTemplate",
            "AWS::IoT::ProvisioningTemplate",
            {
                "PreProvisioningHook": {"TargetArn": function.target},
                "ProvisioningRoleArn": table(event).get("provisioningRoleArn"),
                "TemplateName": table(event).get("templateName"),
            },
            function,
        )
        stack.permit(f"{function.normal}LambdaPermissionIotProvisioningTemplate", function, "iot.amazonaws.com")


def _alexa(kind: str, label: str, principal: str) -> Compile:
    def add(stack: Stack, function: Function) -> None:
        for number, event in enumerate(function.events(kind), start=1):
            skill = setting(event, "appId")
            disabled = table(event).get("enabled") is False
            stack.permit(
                f"{function.normal}LambdaPermission{label}{number}", function, principal,
                action="DisableInvokeFunction" if disabled else "InvokeFunction",
                EventSourceToken=skill if skill is not True else None,
            )  # fmt: skip

    return add


def _load_balancers(stack: Stack, function: Function) -> None:
    for event in function.events("alb"):
        listener = table(event).get("listenerArn")
        parts = listener.split("/") if isinstance(listener, str) else []
        balancer = parts[-2] if len(parts) > 2 else names.source_name(listener, "/")
        many = "MultiValue" if table(event).get("multiValueHeaders") else ""
        normal = function.normal
        group = f"{normal}Alb{many}TargetGroup{balancer}"
        stack.add(
            group, "AWS::ElasticLoadBalancingV2::TargetGroup",
            {"TargetType": "lambda", "Targets": [{"Id": function.target}]}, function,
            DependsOn=[f"{normal}LambdaPermissionRegisterTarget"],
        )  # fmt: skip
        stack.add(
            f"{normal}AlbListenerRule{names.plain(table(event).get('priority'))}",
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            {"ListenerArn": listener, "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": group}}]},
            function,
        )
        stack.permit(f"{normal}LambdaPermissionAlb", function, "elasticloadbalancing.amazonaws.com", {"Ref": group})
        stack.permit(f"{normal}LambdaPermissionRegisterTarget", function, "elasticloadbalancing.amazonaws.com")


_SENDERS = ("CustomSMSSender", "CustomEmailSender")


def _user_pools(stack: Stack, function: Function) -> None:
    for event in function.events("cognitoUserPool"):
        pool, trigger = table(event).get("pool"), table(event).get("trigger")
        if table(event).get("existing"):
            _existing_pool(stack, function, event)
            continue
        label = names.alphanumeric(names.plain(pool))
        logical = f"CognitoUserPool{label}"
        made = stack.resources.get(logical) or stack.add(
            logical, "AWS::Cognito::UserPool", {"UserPoolName": pool, "LambdaConfig": {}}, function
        )
        version = table(event).get("lambdaVersion")
        wired: dict[str, Any] = {names.plain(trigger): function.target}
        if trigger in _SENDERS:
            wired = {trigger: {"LambdaArn": function.target, "LambdaVersion": version or "V1_0"},
                     "KMSKeyID": table(event).get("kmsKeyId")}  # fmt: skip
        elif trigger == "PreTokenGeneration" and version:
            wired = {"PreTokenGenerationConfig": {"LambdaArn": function.target, "LambdaVersion": version}}
        made["Properties"]["LambdaConfig"].update(wired)
        ending = names.alphanumeric(names.plain(trigger))
        stack.permit(
            f"{function.normal}LambdaPermissionCognitoUserPool{label}TriggerSource{ending}", function,
            "cognito-idp.amazonaws.com", {"Fn::GetAtt": [logical, "Arn"]},
        )  # fmt: skip


def _existing_pool(stack: Stack, function: Function, event: Mapping[str, Any]) -> None:
    """A custom resource wires the pool, and gives the permission, when the stack is deployed."""
    logical = f"{function.normal}CustomCognitoUserPool1"
    made = stack.resources.get(logical) or stack.add(
        logical, "Custom::CognitoUserPool",
        {"FunctionName": function.name, "FunctionQualifier": function.alias or None, "UserPoolName": event.get("pool"),
         "UserPoolConfigs": []},
        function,
    )  # fmt: skip
    made["Properties"]["UserPoolConfigs"].append({"Trigger": event.get("trigger")})
    pool = Unknown("the ID of the pool is looked up when the stack is deployed")
    source = here("cognito-idp", "userpool/", pool)
    stack.permit(f"{logical}Permission", function, "cognito-idp.amazonaws.com", source)


EVENTS: Mapping[str, Compile] = {
    "cloudwatchLog": _log_filters,
    "iot": _iot_rules,
    "iotFleetProvisioning": _iot_provisioning,
    "alexaSkill": _alexa("alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com"),
    "alexaSmartHome": _alexa("alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com"),
    "alb": _load_balancers,
    "cognitoUserPool": _user_pools,
}
