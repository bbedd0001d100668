"""What Lambda polls for a function: ``sqs``, ``stream``, ``msk``, ``kafka``, ``activemq`` and ``rabbitmq``.

Sources: https://www.serverless.com/framework/docs/providers/aws/events/sqs,
https://www.serverless.com/framework/docs/providers/aws/events/streams,
https://www.serverless.com/framework/docs/providers/aws/events/msk,
https://www.serverless.com/framework/docs/providers/aws/events/kafka,
https://www.serverless.com/framework/docs/providers/aws/events/activemq
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, as_name, items, setting, stream_kind, table
from rolecall.iac.serverless.stack import Compile, Stack
from rolecall.unknown import Unknown, text

# what the role must be allowed on the source, by kind
READS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "dynamodb": (
        "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"
    ),
    "kinesis": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"),
}  # fmt: skip
_FANS_OUT = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards"
)  # fmt: skip


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
        queue = setting(event, "arn")
        logical = f"{function.normal}EventSourceMappingSQS{names.alphanumeric(names.source_name(queue, ':'))}"
        enabled = table(event).get("enabled")
        kind = table(event).get("functionResponseType")
        _mapping(
            stack, function, logical, event,
            EventSourceArn=queue, Enabled=True if enabled is None else enabled,
            BatchSize=table(event).get("batchSize") or 10,
            FunctionResponseTypes=[kind] if kind else None,
        )  # fmt: skip
        stack.grant(function, *READS["sqs"], on=[queue])


def _streams(stack: Stack, function: Function) -> None:
    for event in function.events("stream"):
        stream = setting(event, "arn")
        kind = stream_kind(event)
        name = names.source_name(stream, "/")
        if isinstance(stream, str):
            name = stream.split("/")[1] if "/" in stream else ""
        consumer = table(event).get("consumer") if kind == "kinesis" else None
        stack.grant(function, *(_FANS_OUT if consumer else READS.get(kind, ())), on=[stream])
        source = stream
        if consumer:
            source = consumer if consumer is not True else _consumer(stack, function, stream, name)
            stack.grant(function, "kinesis:SubscribeToShard", on=[source])
        enabled = table(event).get("enabled")
        logical = f"{function.normal}EventSourceMapping{names.upper_first(kind)}{names.alphanumeric(name)}"
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
    target = setting(given, "arn")
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
        cluster, topic = setting(event, "arn"), table(event).get("topic")
        name = cluster.split("/")[1] if isinstance(cluster, str) and "/" in cluster else names.source_name(cluster, "/")
        label = names.alphanumeric(name)[:79] + names.alphanumeric(names.plain(topic))[:79]
        _mapping(
            stack, function, f"{function.normal}EventSourceMappingMSK{label}", event,
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
            f"{function.normal}EventSourceMappingKafka{names.alphanumeric(names.plain(topic))[:158]}", event,
            SelfManagedEventSource={"Endpoints": {"KafkaBootstrapServers": table(event).get("bootstrapServers")}},
            Topics=[topic], StartingPosition=table(event).get("startingPosition") or "TRIM_HORIZON",
            SourceAccessConfigurations=configurations,
        )  # fmt: skip
        stack.grant(
            function, "secretsmanager:GetSecretValue", on=[value for kind, value in uses if kind not in _KAFKA_PREFIX]
        )
        if any(kind in _KAFKA_PREFIX for kind, _ in uses):
            stack.grant(function, *_NETWORK, on="*")


def _brokers(kind: str, label: str) -> Compile:
    def add(stack: Stack, function: Function) -> None:
        for event in function.events(kind):
            broker, queue, secret = (table(event).get(name) for name in ("arn", "queue", "basicAuthArn"))
            access = [{"Type": "BASIC_AUTH", "URI": secret}]
            if table(event).get("virtualHost"):
                access.append({"Type": "VIRTUAL_HOST", "URI": table(event)["virtualHost"]})
            name = names.alphanumeric(names.plain(queue))[:150]
            _mapping(
                stack, function, f"{function.normal}EventSourceMapping{label}{name}", event,
                EventSourceArn=broker, Queues=[queue], SourceAccessConfigurations=access,
            )  # fmt: skip
            stack.grant(function, "secretsmanager:GetSecretValue", on=[secret])
            stack.grant(function, "mq:DescribeBroker", on=[broker])
            stack.grant(function, *_NETWORK, on="*")

    return add


EVENTS: Mapping[str, Compile] = {
    "sqs": _queues,
    "stream": _streams,
    "msk": _clusters,
    "kafka": _kafkas,
    "activemq": _brokers("activemq", "ActiveMQ"),
    "rabbitmq": _brokers("rabbitmq", "RabbitMQ"),
}
