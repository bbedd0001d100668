"""Notifications of buckets and topics: ``s3`` and ``sns``.

Sources: https://www.serverless.com/framework/docs/providers/aws/events/s3,
https://www.serverless.com/framework/docs/providers/aws/events/sns
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.service import Function, as_name, items, setting, table
from rolecall.iac.serverless.stack import Compile, Stack, arn, here
from rolecall.unknown import Unknown


def _topics(stack: Stack, function: Function) -> None:
    for event in function.events("sns"):
        given = table(event).get("arn") if isinstance(event, Mapping) else event
        topic = given if not isinstance(given, str) or given.startswith("arn:") else None
        own = event if isinstance(event, str) and topic is None else table(event).get("topicName")
        name = own or (re.split(r"(?<!:):(?!:)", topic)[-1] if isinstance(topic, str) else topic)
        label = names.alphanumeric(names.plain(name))
        subscription = f"{function.normal}SnsSubscription{label}"
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
        stack.permit(f"{function.normal}LambdaPermission{label}SNS", function, "sns.amazonaws.com", topic)


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
    logical = f"{label}To{function.normal}DLQPolicy"
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
        reference = setting(event, "bucket")
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
            f"{function.normal}LambdaPermission{label}S3", function, "s3.amazonaws.com",
            arn(":s3:::", name), SourceAccount={"Ref": "AWS::AccountId"},
        )  # fmt: skip


def _existing_bucket(stack: Stack, function: Function, event: Mapping[str, Any]) -> None:
    """A custom resource wires the bucket, and gives the permission, when the stack is deployed."""
    logical = f"{function.normal}CustomS31"
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


EVENTS: Mapping[str, Compile] = {
    "s3": _buckets,
    "sns": _topics,
}
