"""RC126, RC127, RC202, RC203: where functions read from, and where they send what they fail on."""

from __future__ import annotations

import json
from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Given, Resource, after, known, plan, resource

from plan_cases.parts import (
    APP,
    ORDERS_ARN,
    ROLE_ARN,
    Plans,
    allow,
    attached,
    case,
    document,
    function,
    may,
    permission,
    policy,
    role,
    running,
    subscription,
    there,
    topic,
)

SQS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
KINESIS = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
QUEUE_ROLE = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"


def queue(name: str, **more: Any) -> Resource:
    """A queue that is made; the provider sets what nobody writes."""
    values = {"arn": UNKNOWN, "id": UNKNOWN, "url": UNKNOWN, "policy": UNKNOWN, "redrive_policy": UNKNOWN, **more}
    return resource(f"aws_sqs_queue.{name}", name=name, **values)


def queue_there(name: str, **more: Any) -> Resource:
    """A queue that is there before."""
    values = {"name": name, "arn": queue_arn(name), "id": queue_url(name)}
    of_itself = {key: known(value, expression=key == "name") for key, value in values.items()}
    return resource(f"aws_sqs_queue.{name}", "no-op", before=values, **of_itself, **more)


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def queue_url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


REDRIVE = json.dumps({"deadLetterTargetArn": queue_arn("failed"), "maxReceiveCount": 3})


def stream(name: str) -> Resource:
    return resource(f"aws_kinesis_stream.{name}", name=name, arn=UNKNOWN, id=UNKNOWN)


def reads(source: Any, function: Any = ORDERS_ARN, name: str = "orders", **more: Any) -> Resource:
    """An event source mapping that is made."""
    return resource(f"aws_lambda_event_source_mapping.{name}", function_name=function, event_source_arn=source,
                    arn=UNKNOWN, id=UNKNOWN, **more)  # fmt: skip


def failures(target: Any) -> list[dict[str, Any]]:
    """A ``destination_config`` for the batches that fail."""
    return [{"on_failure": [{"destination_arn": target}]}]


def keeps(target: Any, function: Any = None, name: str = "orders") -> Resource:
    """Where asynchronous events go that the function fails on."""
    given = known("orders", "aws_lambda_function.orders.function_name") if function is None else function
    return resource(f"aws_lambda_function_event_invoke_config.{name}", function_name=given, qualifier=None, id=UNKNOWN,
                    destination_config=[{"on_failure": [{"destination": target}], "on_success": []}])  # fmt: skip


def redriven(to: str) -> Given:
    """A redrive policy that the ARN of a queue stands in, which is known only after apply."""
    return after(f"aws_sqs_queue.{to}.arn")


def triggered(name: str = "orders") -> tuple[Resource, ...]:
    """A topic that calls a function."""
    arn = after(f"aws_lambda_function.{name}.arn")
    return (
        topic(name),
        subscription(name, after(f"aws_sns_topic.{name}.arn"), arn),
        permission(name, name, "sns.amazonaws.com", source_arn=after(f"aws_sns_topic.{name}.arn")),
    )


def dead_letters(target: Any, name: str = "orders", role: str = "app") -> Resource:
    """A function with a dead-letter target."""
    return function(name, after(f"aws_iam_role.{role}.arn"), dead_letter_config=[{"target_arn": target}])


PLANS: Plans = {
    "RC126/may_read.pass": case(
        queue("orders"),
        reads(after("aws_sqs_queue.orders.arn")),
        attached("app", QUEUE_ROLE),
        stream("clicks"),
        role("aws_iam_role.clicks"),
        function("clicks", after("aws_iam_role.clicks.arn")),
        reads(after("aws_kinesis_stream.clicks.arn"), after("aws_lambda_function.clicks.arn"), "clicks"),
        document("data.aws_iam_policy_document.clicks",
                 {"effect": None, "actions": KINESIS, "resources": [after("aws_kinesis_stream.clicks.arn")]}),
        resource("aws_iam_role_policy.clicks", role=after("aws_iam_role.clicks.id"), name="clicks",
                 policy=after("data.aws_iam_policy_document.clicks.json")),
        there("aws_iam_role.kept"),
        may("kept", allow(SQS, queue_arn("kept"))),
        running("kept", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.arn")),
        queue_there("kept"),
        reads(known(queue_arn("kept"), "aws_sqs_queue.kept.arn"), "kept", "kept"),
    ),
    "RC126/may_not_read.fail": case(
        queue("orders"),
        reads(after("aws_sqs_queue.orders.arn")),
        may("app", allow(SQS[:2])),
        there("aws_iam_role.kept"),
        may("kept", allow(SQS, queue_arn("another"))),
        running("kept", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.arn")),
        queue_there("kept"),
        reads(known(queue_arn("kept"), "aws_sqs_queue.kept.arn"), "kept", "kept"),
        stream("clicks"),
        role("aws_iam_role.clicks"),
        function("clicks", after("aws_iam_role.clicks.arn")),
        reads(after("aws_kinesis_stream.clicks.arn"), after("aws_lambda_function.clicks.arn"), "clicks"),
        stream("another"),
        document("data.aws_iam_policy_document.clicks",
                 {"effect": None, "actions": KINESIS, "resources": [after("aws_kinesis_stream.another.arn")]}),
        resource("aws_iam_role_policy.clicks", role=after("aws_iam_role.clicks.id"), name="clicks",
                 policy=after("data.aws_iam_policy_document.clicks.json")),
        expect={
            "aws_lambda_function.orders": "may not sqs:GetQueueAttributes on",
            "aws_lambda_function.kept": "may not sqs:ReceiveMessage",
            "aws_lambda_function.clicks": "may not kinesis:DescribeStream",
        },
    ),
    "RC126/not_decided_here.unknown": case(
        queue("orders"),
        reads(after("aws_sqs_queue.orders.arn")),
        resource("aws_iam_role_policy.app", role=known("app", "aws_iam_role.app.name"), name="app",
                 policy=after("aws_sqs_queue.orders.arn")),
        role("aws_iam_role.local"),
        function("local", after("aws_iam_role.local.arn")),
        may("local", allow(SQS, queue_arn("orders"))),
        reads(after("local.queue_arn"), after("aws_lambda_function.local.arn"), "local"),
        expect={
            "aws_lambda_function.orders": "aws_iam_role_policy.app.policy is known only after apply",
            "aws_lambda_function.local": "made of local.queue_arn",
        },
    ),
    "RC127/may_send.pass": plan(
        APP,
        dead_letters(after("aws_sqs_queue.failed.arn")),
        queue("failed"),
        may("app", allow("sqs:SendMessage")),
        role("aws_iam_role.later"),
        function("later", after("aws_iam_role.later.arn")),
        topic("failed"),
        keeps(after("aws_sns_topic.failed.arn"), after("aws_lambda_function.later.arn"), "later"),
        document("data.aws_iam_policy_document.later",
                 {"effect": None, "actions": ["sns:Publish"], "resources": [after("aws_sns_topic.failed.arn")]}),
        resource("aws_iam_role_policy.later", role=after("aws_iam_role.later.id"), name="later",
                 policy=after("data.aws_iam_policy_document.later.json")),
        there("aws_iam_role.kept"),
        queue_there("kept", policy=policy(
            allow("sqs:SendMessage", queue_arn("kept"), Principal={"AWS": f"{ROLE_ARN}kept"}))),
        running("kept", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.arn"), "", "update",
                dead_letter_config=[{"target_arn": known(queue_arn("kept"), "aws_sqs_queue.kept.arn")}]),
    ),
    "RC127/may_not_send.fail": plan(
        APP,
        dead_letters(after("aws_sqs_queue.failed.arn")),
        queue("failed"),
        may("app", allow("sqs:ReceiveMessage")),
        role("aws_iam_role.later"),
        function("later", after("aws_iam_role.later.arn")),
        topic("failed"),
        topic("another"),
        keeps(after("aws_sns_topic.failed.arn"), after("aws_lambda_function.later.arn"), "later"),
        document("data.aws_iam_policy_document.later",
                 {"effect": None, "actions": ["sns:Publish"], "resources": [after("aws_sns_topic.another.arn")]}),
        resource("aws_iam_role_policy.later", role=after("aws_iam_role.later.id"), name="later",
                 policy=after("data.aws_iam_policy_document.later.json")),
        expect={"aws_lambda_function.orders": "may not sqs:SendMessage",
                "aws_lambda_function.later": "may not sns:Publish"},
    ),
    "RC127/not_decided_here.unknown": plan(
        APP,
        dead_letters(after("local.queue_arn")),
        may("app", allow("sqs:SendMessage", queue_arn("failed"))),
        role("aws_iam_role.perhaps"),
        queue("open"),
        resource("aws_sqs_queue_policy.open", queue_url=after("aws_sqs_queue.open.id"),
                 policy=after("aws_sqs_queue.open.arn")),
        dead_letters(after("aws_sqs_queue.open.arn"), "perhaps", "perhaps"),
        role("aws_iam_role.dynamic"),
        function("dynamic", after("aws_iam_role.dynamic.arn"), dead_letter_config=UNKNOWN),
        expect={
            "aws_lambda_function.orders": "made of local.queue_arn",
            "aws_lambda_function.perhaps": "aws_sqs_queue_policy.open.policy is known only after apply",
            "aws_lambda_function.dynamic": "dead_letter_config is known only after apply",
        },
    ),
    "RC202/kept.pass": case(
        queue("orders", redrive_policy=redriven("failed")),
        queue("failed"),
        reads(after("aws_sqs_queue.orders.arn")),
        stream("clicks"),
        reads(after("aws_kinesis_stream.clicks.arn"), name="clicks",
              destination_config=failures(after("aws_sqs_queue.failed.arn"))),
        queue("own"),
        resource("aws_sqs_queue_redrive_policy.own", queue_url=after("aws_sqs_queue.own.id"),
                 redrive_policy=redriven("failed")),
        reads(after("aws_sqs_queue.own.arn"), name="own"),
        queue_there("before", redrive_policy=REDRIVE),
        reads(known(queue_arn("before"), "aws_sqs_queue.before.arn"), name="before"),
    ),
    "RC202/lost.fail": case(
        queue("orders"),
        reads(after("aws_sqs_queue.orders.arn")),
        stream("clicks"),
        reads(after("aws_kinesis_stream.clicks.arn"), name="clicks", destination_config=[]),
        queue_there("before", redrive_policy=known(REDRIVE, expression=False)),
        resource("aws_sqs_queue_redrive_policy.before", "delete", before={"queue_url": queue_url("before")}),
        reads(known(queue_arn("before"), "aws_sqs_queue.before.arn"), name="before"),
        expect={
            "aws_lambda_event_source_mapping.orders": "has no dead-letter queue",
            "aws_lambda_event_source_mapping.clicks": "has no on-failure destination",
            "aws_lambda_event_source_mapping.before": "has no dead-letter queue",
        },
    ),
    "RC202/not_decided_here.unknown": case(
        queue("orders", redrive_policy=after("local.redrive_policy")),
        reads(after("aws_sqs_queue.orders.arn")),
        reads(queue_arn("elsewhere"), name="elsewhere"),
        stream("clicks"),
        reads(after("aws_kinesis_stream.clicks.arn"), name="dynamic", destination_config=UNKNOWN),
        expect={
            "aws_lambda_event_source_mapping.orders": "redrive_policy is known only after apply",
            "aws_lambda_event_source_mapping.elsewhere": "elsewhere is not in this configuration",
            "aws_lambda_event_source_mapping.dynamic": "destination_config is known only after apply",
        },
    ),
    "RC203/kept.pass": case(
        *triggered(),
        keeps(after("aws_sqs_queue.failed.arn")),
        queue("failed"),
        *triggered("mail"),
        dead_letters(after("aws_sqs_queue.failed.arn"), "mail"),
    ),
    "RC203/lost.fail": case(
        *triggered(),
        keeps(after("aws_sqs_queue.failed.arn")),
        queue("failed"),
        function("mail"),
        *triggered("mail"),
        resource("aws_lambda_function_event_invoke_config.mail", "delete",
                 before={"function_name": "mail", "destination_config": failures(queue_arn("failed"))}),
        expect={"aws_lambda_function.mail": "what the SNS topic mail sends is gone"},
    ),
    "RC203/not_decided_here.unknown": case(
        *triggered(),
        resource("aws_lambda_function_event_invoke_config.orders", destination_config=UNKNOWN, qualifier=None,
                 function_name=known("orders", "aws_lambda_function.orders.function_name")),
        function("mail", dead_letter_config=UNKNOWN),
        *triggered("mail"),
        expect={"aws_lambda_function.orders": "destination_config is known only after apply",
                "aws_lambda_function.mail": "dead_letter_config is known only after apply"},
    ),
}  # fmt: skip
