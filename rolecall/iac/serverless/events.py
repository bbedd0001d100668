"""``events`` of functions as CloudFormation resources: what fires, and the permission to call. One function each.

HTTP interfaces are in ``apis``. Source: https://www.serverless.com/framework/docs/providers/aws/guide/events
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.roles import stream_kind
from rolecall.iac.serverless.service import Function, as_name, items, table
from rolecall.iac.serverless.stack import Stack, arn, function_arn, here
from rolecall.unknown import Unknown, text

_RULE_NAME = 64


def _given(event: Any, name: str) -> Any:
    """A setting of an event; of one that is a text or not known, that is all of it."""
    return event.get(name) if isinstance(event, Mapping) else event


def _schedules(stack: Stack, function: Function) -> None:
    number = 0
    callable_ = False
    role = stack.resources[function.logical]["Properties"]["Role"]
    for event in function.events("schedule"):
        rate = _given(event, "rate")
        method = table(event).get("method")
        for expression in rate if isinstance(rate, list) else [rate]:
            number += 1
            settings = {
                "ScheduleExpression": expression,
                "State": "DISABLED" if table(event).get("enabled") is False else "ENABLED",
                "Name": table(event).get("name"),
            }
            if method == "scheduler":
                callable_ = True
                stack.add(
                    f"{names.normal(function.key)}SchedulerSchedule{number}",
                    "AWS::Scheduler::Schedule",
                    {**settings, "GroupName": table(event).get("groupName"),
                     "Target": {"Arn": function.target, "RoleArn": table(event).get("roleArn") or role}},
                    function,
                )  # fmt: skip
            else:
                rule = f"{names.normal(function.key)}EventsRuleSchedule{number}"
                target = {"Arn": function.target, "Id": f"{function.key}Schedule"}
                stack.add(rule, "AWS::Events::Rule", {**settings, "Targets": [target]}, function)
                stack.permit(
                    f"{names.normal(function.key)}LambdaPermissionEventsRuleSchedule{number}",
                    function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]},
                )  # fmt: skip
    if callable_:
        stack.trust(function, "scheduler.amazonaws.com")
        stack.grant(
            function, "lambda:InvokeFunction", on=[function_arn(function.name), function_arn(function.name, ":*")]
        )


def _topics(stack: Stack, function: Function) -> None:
    for event in function.events("sns"):
        given = table(event).get("arn") if isinstance(event, Mapping) else event
        topic = given if not isinstance(given, str) or given.startswith("arn:") else None
        own = event if isinstance(event, str) and topic is None else table(event).get("topicName")
        name = own or (re.split(r"(?<!:):(?!:)", topic)[-1] if isinstance(topic, str) else topic)
        label = names.alphanumeric(names.plain(name))
        subscription = f"{names.normal(function.key)}SnsSubscription{label}"
        called = {"Endpoint": function.target, "Protocol": "lambda"}
        filtered = {
            "FilterPolicy": table(event).get("filterPolicy"),
            "RedrivePolicy": _redrive(stack, function, event, topic, label),
        }
        if topic is not None:
            properties = {"TopicArn": topic, **called, **filtered, "Region": _region(event, topic)}
            stack.add(subscription, "AWS::SNS::Subscription", properties, function)
        else:
            topic = here("sns", name)
            logical = f"SNSTopic{label}"
            made = stack.resources.get(logical) or stack.add(logical, "AWS::SNS::Topic", {"TopicName": name}, function)
            if filtered["FilterPolicy"] or filtered["RedrivePolicy"]:
                stack.add(
                    subscription, "AWS::SNS::Subscription", {"TopicArn": {"Ref": logical}, **called, **filtered},
                    function,
                )  # fmt: skip
            else:
                made["Properties"].setdefault("Subscription", []).append(called)
        stack.permit(f"{names.normal(function.key)}LambdaPermission{label}SNS", function, "sns.amazonaws.com", topic)


def _region(event: Any, topic: Any) -> str | None:
    """The topic's region, where it is given as an object with an ARN."""
    parts = topic.split(":") if isinstance(event, Mapping) and isinstance(topic, str) else []
    return parts[3] or None if len(parts) > 5 else None


def _redrive(stack: Stack, function: Function, event: Any, topic: Any, label: str) -> Any:
    """Where messages go that the function did not take; the framework lets the topic send them there."""
    given = table(event).get("redrivePolicy")
    if not isinstance(given, Mapping):
        return given
    reference, imported = given.get("deadLetterTargetRef"), table(given.get("deadLetterTargetImport")).get("arn")
    queue = given.get("deadLetterTargetArn") or (
        {"Fn::GetAtt": [reference, "Arn"]} if reference else {"Fn::ImportValue": imported}
    )
    logical = f"{label}To{names.normal(function.key)}DLQPolicy"
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}} if topic is not None else {"ArnEquals": {}},
    }
    document = {"Version": "2012-10-17", "Id": logical, "Statement": [statement]}
    url = {"Ref": reference} if reference else Unknown("the queue's URL follows from its ARN")
    stack.add(logical, "AWS::SQS::QueuePolicy", {"PolicyDocument": document, "Queues": [url]}, function)
    return {"deadLetterTargetArn": queue}


def _buckets(stack: Stack, function: Function) -> None:
    shared = table(stack.service.provider.get("s3"))
    for event in function.events("s3"):
        if table(event).get("existing"):
            _existing_bucket(stack, function, event)
            continue
        reference = _given(event, "bucket")
        own = table(shared.get(reference)) if isinstance(reference, str) and reference in shared else None
        name = as_name(reference if own is None else own.get("name") or reference)
        label = names.alphanumeric(names.plain(reference if own is not None else name))
        logical = f"S3Bucket{label}"
        if logical not in stack.resources:
            settings = {names.upper_first(key): value for key, value in table(own).items() if key != "name"}
            given = settings.pop("NotificationConfiguration", {})
            notifications = {"LambdaConfigurations": [], **table(given)}
            properties = {"BucketName": name, "NotificationConfiguration": notifications, **settings}
            stack.add(logical, "AWS::S3::Bucket", properties, function)
        wiring = {"Event": table(event).get("event") or "s3:ObjectCreated:*", "Function": function.target}
        rules = [
            {"Name": key, "Value": value}
            for rule in items(table(event).get("rules"))
            for key, value in list(table(rule).items())[:1]
        ]
        wired = stack.resources[logical]["Properties"]["NotificationConfiguration"]["LambdaConfigurations"]
        if isinstance(wired, list):
            wired.append({**wiring, "Filter": {"S3Key": {"Rules": rules}}} if rules else wiring)
        stack.permit(
            f"{names.normal(function.key)}LambdaPermission{label}S3", function, "s3.amazonaws.com",
            arn(":s3:::", name), SourceAccount={"Ref": "AWS::AccountId"},
        )  # fmt: skip


def _existing_bucket(stack: Stack, function: Function, event: Mapping[str, Any]) -> None:
    """A custom resource wires the bucket, and gives the permission, when the stack is deployed."""
    logical = f"{names.normal(function.key)}CustomS31"
    rules = [
        {names.start_case(str(key)): value} for rule in items(event.get("rules")) for key, value in table(rule).items()
    ]
    configuration = {"Event": event.get("event") or "s3:ObjectCreated:*", "Rules": rules}
    made = stack.resources.get(logical) or stack.add(
        logical, "Custom::S3",
        {"FunctionName": function.name, "FunctionQualifier": function.alias or None, "BucketName": event.get("bucket"),
         "BucketConfigs": []},
        function,
    )  # fmt: skip
    made["Properties"]["BucketConfigs"].append(configuration)
    source = arn(":s3:::", event.get("bucket"))
    stack.permit(f"{logical}Permission", function, "s3.amazonaws.com", source, SourceAccount={"Ref": "AWS::AccountId"})


def _mapping(stack: Stack, function: Function, logical: str, event: Any, **properties: Any) -> None:
    patterns = table(event).get("filterPatterns")
    stack.add(
        logical,
        "AWS::Lambda::EventSourceMapping",
        {
            "FunctionName": function.target,
            "Enabled": table(event).get("enabled"),
            "BatchSize": table(event).get("batchSize"),
            "FilterCriteria": {"Filters": Unknown("patterns of the events")} if patterns else None,
            **properties,
        },
        function,
    )


def _queues(stack: Stack, function: Function) -> None:
    for event in function.events("sqs"):
        queue = _given(event, "arn")
        logical = (
            f"{names.normal(function.key)}EventSourceMappingSQS{names.alphanumeric(names.source_name(queue, ':'))}"
        )
        enabled = table(event).get("enabled")
        kind = table(event).get("functionResponseType")
        _mapping(
            stack, function, logical, event,
            EventSourceArn=queue, Enabled=True if enabled is None else enabled,
            BatchSize=table(event).get("batchSize") or 10,
            FunctionResponseTypes=[kind] if kind else None,
        )  # fmt: skip
        stack.grant(function, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=[queue])


_STREAMS: Mapping[tuple[str, bool], tuple[str, ...]] = {
    ("dynamodb", False): (
        "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"
    ),
    ("kinesis", False): (
        "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"
    ),
    ("kinesis", True): (
        "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards"
    ),
}  # fmt: skip


def _streams(stack: Stack, function: Function) -> None:
    for event in function.events("stream"):
        stream = _given(event, "arn")
        kind = stream_kind(event)
        name = names.source_name(stream, "/")
        if isinstance(stream, str):
            name = stream.split("/")[1] if "/" in stream else ""
        consumer = table(event).get("consumer")
        stack.grant(function, *_STREAMS.get((kind, bool(consumer) and kind == "kinesis"), ()), on=[stream])
        source = stream
        if consumer and kind == "kinesis":
            source = consumer if consumer is not True else _consumer(stack, function, stream, name)
            stack.grant(function, "kinesis:SubscribeToShard", on=[source])
        enabled = table(event).get("enabled")
        logical = f"{names.normal(function.key)}EventSourceMapping{names.upper_first(kind)}{names.alphanumeric(name)}"
        _mapping(
            stack, function, logical, event,
            EventSourceArn=source, StartingPosition=table(event).get("startingPosition") or "TRIM_HORIZON",
            Enabled=True if enabled is None else enabled, BatchSize=table(event).get("batchSize") or 10,
            DestinationConfig=_failures(stack, function, event),
        )  # fmt: skip


def _consumer(stack: Stack, function: Function, stream: Any, name: str) -> dict[str, str]:
    mode = table(stack.service.provider.get("kinesis")).get("consumerNamingMode")
    of_service = (stack.service.name, stack.service.stage) if mode else ()
    own = text(function.key, name, *of_service, "Consumer")
    logical = f"{names.normal(own if isinstance(own, str) else function.key)}StreamConsumer"
    stack.add(logical, "AWS::Kinesis::StreamConsumer", {"StreamARN": stream, "ConsumerName": own}, function)
    return {"Ref": logical}


def _failures(stack: Stack, function: Function, event: Any) -> Any:
    """Where records go that the function failed on."""
    given = table(table(event).get("destinations")).get("onFailure")
    if not given:
        return None
    target = _given(given, "arn")
    kind = table(given).get("type") or (
        target.split(":")[2] if isinstance(target, str) and target.count(":") > 2 else ""
    )
    actions = ("sns:Publish",) if kind == "sns" else ("sqs:ListQueues", "sqs:SendMessage")
    stack.grant(function, *actions, on=[target])
    return {"OnFailure": {"Destination": target}}


_NETWORK = (
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
)  # fmt: skip


def _clusters(stack: Stack, function: Function) -> None:
    for event in function.events("msk"):
        cluster, topic = _given(event, "arn"), table(event).get("topic")
        name = cluster.split("/")[1] if isinstance(cluster, str) and "/" in cluster else names.source_name(cluster, "/")
        label = names.alphanumeric(name)[:79] + names.alphanumeric(names.plain(topic))[:79]
        _mapping(
            stack, function, f"{names.normal(function.key)}EventSourceMappingMSK{label}", event,
            EventSourceArn=cluster, Topics=[topic],
            StartingPosition=table(event).get("startingPosition") or "TRIM_HORIZON",
        )  # fmt: skip
        stack.grant(function, "kafka:DescribeCluster", "kafka:GetBootstrapBrokers", on=[cluster])
        stack.grant(function, *_NETWORK, on="*")


_KAFKA_ACCESS = {
    "vpcSubnet": "VPC_SUBNET",
    "vpcSecurityGroup": "VPC_SECURITY_GROUP",
    "saslPlainAuth": "BASIC_AUTH",
    "saslScram256Auth": "SASL_SCRAM_256_AUTH",
    "saslScram512Auth": "SASL_SCRAM_512_AUTH",
    "clientCertificateTlsAuth": "CLIENT_CERTIFICATE_TLS_AUTH",
    "serverRootCaCertificate": "SERVER_ROOT_CA_CERTIFICATE",
}
_KAFKA_PREFIX = {"vpcSubnet": "subnet:", "vpcSecurityGroup": "security_group:"}


def _kafkas(stack: Stack, function: Function) -> None:
    for event in function.events("kafka"):
        topic = table(event).get("topic")
        access = table(table(event).get("accessConfigurations"))
        uses = [(kind, value) for kind, values in access.items() for value in items(values)]
        configurations = [
            {"Type": _KAFKA_ACCESS.get(kind, kind), "URI": text(_KAFKA_PREFIX.get(kind, ""), as_name(value))}
            for kind, value in uses
        ]
        _mapping(
            stack, function,
            f"{names.normal(function.key)}EventSourceMappingKafka{names.alphanumeric(names.plain(topic))[:158]}", event,
            SelfManagedEventSource={"Endpoints": {"KafkaBootstrapServers": table(event).get("bootstrapServers")}},
            Topics=[topic], StartingPosition=table(event).get("startingPosition") or "TRIM_HORIZON",
            SourceAccessConfigurations=configurations,
        )  # fmt: skip
        stack.grant(
            function, "secretsmanager:GetSecretValue", on=[value for kind, value in uses if kind not in _KAFKA_PREFIX]
        )
        if any(kind in _KAFKA_PREFIX for kind, _ in uses):
            stack.grant(function, *_NETWORK, on="*")


def _brokers(kind: str, label: str) -> Callable[[Stack, Function], None]:
    def add(stack: Stack, function: Function) -> None:
        for event in function.events(kind):
            broker, queue, secret = (table(event).get(name) for name in ("arn", "queue", "basicAuthArn"))
            access = [{"Type": "BASIC_AUTH", "URI": secret}]
            if table(event).get("virtualHost"):
                access.append({"Type": "VIRTUAL_HOST", "URI": table(event)["virtualHost"]})
            name = names.alphanumeric(names.plain(queue))[:150]
            _mapping(
                stack, function, f"{names.normal(function.key)}EventSourceMapping{label}{name}", event,
                EventSourceArn=broker, Queues=[queue], SourceAccessConfigurations=access,
            )  # fmt: skip
            stack.grant(function, "secretsmanager:GetSecretValue", on=[secret])
            stack.grant(function, "mq:DescribeBroker", on=[broker])
            stack.grant(function, *_NETWORK, on="*")

    return add


def _cloudwatch_events(stack: Stack, function: Function) -> None:
    for number, event in enumerate(function.events("cloudwatchEvent"), start=1):
        rule = f"{names.normal(function.key)}EventsRuleCloudWatchEvent{number}"
        properties = {
            "EventPattern": table(event).get("event"),
            "State": "DISABLED" if table(event).get("enabled") is False else "ENABLED",
            "Name": table(event).get("name"),
            "Targets": [{"Arn": function.target, "Id": f"{function.key}CloudWatchEvent"}],
        }
        stack.add(rule, "AWS::Events::Rule", properties, function)
        stack.permit(
            f"{names.normal(function.key)}LambdaPermissionEventsRuleCloudWatchEvent{number}",
            function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]},
        )  # fmt: skip


def _buses(stack: Stack, function: Function) -> None:
    for number, event in function.numbered_events("eventBridge"):
        settings = table(event)
        default = text(function.name, f"-rule-{number}")
        name = settings.get("name") or _shortened(default, f"rule-{number}")
        given = settings.get("eventBus")
        bus = given[given.find("/") + 1 :] if isinstance(given, str) and given.startswith("arn") else given
        if isinstance(given, str) and bus == given and bus not in ("default", ""):
            stack.add(f"{names.normal(bus)}EventBridgeEventBus", "AWS::Events::EventBus", {"Name": bus}, function)
        on_default = not bus or bus == "default"
        target = {"Arn": function.target, "Id": _shortened(text(as_name(name), "-target"), "target")}
        label = names.alphanumeric(default if isinstance(default, str) else f"{function.key}-rule-{number}")
        stack.add(
            f"{label}EventBridgeRule", "AWS::Events::Rule",
            {
                "EventBusName": None if on_default else bus,
                "EventPattern": settings.get("pattern"),
                "ScheduleExpression": settings.get("schedule"),
                "Name": name,
                "State": "DISABLED" if settings.get("enabled") is False else "ENABLED",
                "Targets": [target],
            },
            function,
        )  # fmt: skip
        path = ["rule", name] if on_default else ["rule", bus, name]
        source = ["arn", {"Ref": "AWS::Partition"}, "events", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
        stack.permit(
            f"{names.normal(function.key)}EventBridgeLambdaPermission{number}", function, "events.amazonaws.com",
            {"Fn::Join": [":", [*source, {"Fn::Join": ["/", path]}]]},
        )  # fmt: skip


def _shortened(name: Any, ending: str) -> Any:
    """A rule's or target's name, hashed where it is too long."""
    if not isinstance(name, str) or len(name) <= _RULE_NAME:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: 31 - len(ending)]}{digest}-{ending}"


def _log_filters(stack: Stack, function: Function) -> None:
    groups: list[Any] = []
    permission = f"{names.normal(function.key)}LambdaPermissionLogsSubscriptionFilterCloudWatchLog"
    for number, event in enumerate(function.events("cloudwatchLog"), start=1):
        group = _given(event, "logGroup")
        group = re.sub(r"\r?\n", "", group) if isinstance(group, str) else group
        groups.append(group)
        stack.add(
            f"{names.normal(function.key)}LogsSubscriptionFilterCloudWatchLog{number}",
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
        rule = f"{names.normal(function.key)}IotTopicRule{number}"
        payload = {
            "RuleDisabled": table(event).get("enabled") is False,
            "Sql": table(event).get("sql"),
            "Actions": [{"Lambda": {"FunctionArn": function.target}}],
        }
        stack.add(
            rule, "AWS::IoT::TopicRule", {"RuleName": table(event).get("name"), "TopicRulePayload": payload}, function
        )
        stack.permit(
            f"{names.normal(function.key)}LambdaPermissionIotTopicRule{number}", function, "iot.amazonaws.com",
            here("iot", "rule/", {"Ref": rule}),
        )  # fmt: skip


def _iot_provisioning(stack: Stack, function: Function) -> None:
    for event in function.events("iotFleetProvisioning"):
        stack.add(
            f"{names.normal(function.key)}IotProvisioningTemplate",
            "AWS::IoT::ProvisioningTemplate",
            {
                "PreProvisioningHook": {"TargetArn": function.target},
                "ProvisioningRoleArn": table(event).get("provisioningRoleArn"),
                "TemplateName": table(event).get("templateName"),
            },
            function,
        )
        stack.permit(
            f"{names.normal(function.key)}LambdaPermissionIotProvisioningTemplate", function, "iot.amazonaws.com"
        )


def _alexa(kind: str, label: str, principal: str) -> Callable[[Stack, Function], None]:
    def add(stack: Stack, function: Function) -> None:
        for number, event in enumerate(function.events(kind), start=1):
            skill = table(event).get("appId") if isinstance(event, Mapping) else event
            disabled = table(event).get("enabled") is False
            stack.permit(
                f"{names.normal(function.key)}LambdaPermission{label}{number}", function, principal,
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
        group = f"{names.normal(function.key)}Alb{many}TargetGroup{balancer}"
        normal = names.normal(function.key)
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
            f"{names.normal(function.key)}LambdaPermissionCognitoUserPool{label}TriggerSource{ending}", function,
            "cognito-idp.amazonaws.com", {"Fn::GetAtt": [logical, "Arn"]},
        )  # fmt: skip


def _existing_pool(stack: Stack, function: Function, event: Mapping[str, Any]) -> None:
    """A custom resource wires the pool, and gives the permission, when the stack is deployed."""
    logical = f"{names.normal(function.key)}CustomCognitoUserPool1"
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


_DISTRIBUTION = "CloudFrontDistribution"


def _edge(stack: Stack, function: Function) -> None:
    for event in function.events("cloudFront"):
        properties = stack.resources[function.logical]["Properties"]
        for setting in ("VpcConfig", "Environment"):
            properties.pop(setting, None)
        properties["MemorySize"] = function.settings.get("memorySize") or 128
        properties["Timeout"] = function.settings.get("timeout") or 5
        version = {"Ref": f"{names.normal(function.key)}LambdaVersion"}
        association = {"EventType": table(event).get("eventType"), "LambdaFunctionARN": version}
        distribution = stack.resources.get(_DISTRIBUTION) or stack.add(
            _DISTRIBUTION, "AWS::CloudFront::Distribution", {"DistributionConfig": {"Enabled": True}}
        )
        _associate(distribution["Properties"]["DistributionConfig"], table(event).get("pathPattern"), association)
        source = arn(":cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/", {"Ref": _DISTRIBUTION})
        stack.permit(
            f"{function.logical}InvokePermission", function, "edgelambda.amazonaws.com", source, FunctionName=version
        )
        stack.trust(function, "edgelambda.amazonaws.com")
        stack.grant(
            function,
            "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource",
            on=[{"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}],
        )  # fmt: skip


def _associate(configuration: dict[str, Any], path: Any, association: Any) -> None:
    """Adds the function to the behaviour of its path."""
    behaviors = configuration.setdefault("CacheBehaviors", [])
    behavior = next((known for known in behaviors if known.get("PathPattern") == path), None)
    if not path:
        behavior = configuration.setdefault("DefaultCacheBehavior", {})
    elif behavior is None:
        behavior = {"PathPattern": path}
        behaviors.append(behavior)
    behavior.setdefault("LambdaFunctionAssociations", []).append(association)


EVENTS: Mapping[str, Callable[[Stack, Function], None]] = {
    "schedule": _schedules,
    "s3": _buckets,
    "sns": _topics,
    "sqs": _queues,
    "stream": _streams,
    "msk": _clusters,
    "kafka": _kafkas,
    "activemq": _brokers("activemq", "ActiveMQ"),
    "rabbitmq": _brokers("rabbitmq", "RabbitMQ"),
    "cloudwatchEvent": _cloudwatch_events,
    "cloudwatchLog": _log_filters,
    "eventBridge": _buses,
    "iot": _iot_rules,
    "iotFleetProvisioning": _iot_provisioning,
    "alexaSkill": _alexa("alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com"),
    "alexaSmartHome": _alexa("alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com"),
    "alb": _load_balancers,
    "cognitoUserPool": _user_pools,
    "cloudFront": _edge,
}
_ELSEWHERE = ("http", "httpApi", "websocket")


def add_events(stack: Stack) -> None:
    """All events but those of HTTP interfaces, kind by kind, since functions share topics, buckets and pools."""
    for add, function in ((add, function) for add in EVENTS.values() for function in stack.service.functions):
        add(stack, function)


def unread_event(function: Function) -> str:
    """Why a function may be called in ways that are not seen here; empty: it is not."""
    kinds = chain.from_iterable(table(event) for event in items(function.settings.get("events")))
    foreign = next((kind for kind in kinds if kind not in EVENTS and kind not in _ELSEWHERE), "")
    return function.unknown_events or (f"the event {foreign} is that of a plug-in" if foreign else "")
