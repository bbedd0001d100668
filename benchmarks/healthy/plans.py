"""Healthy plans: one for a first apply, where ARNs are not known yet, and two for what is there already."""

from __future__ import annotations

import json
from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Given, Resource, after, known, resource, state

Parts = tuple[Resource, ...]

ORDERS = after("aws_lambda_function.orders.arn")
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
EDGE = {**TRUST, "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}}
VPC = [{"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}]
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
INTERFACES = ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface")
SQS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
KINESIS = ("kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
XRAY = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(sid: str, actions: tuple[str, ...], on: str = "*") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": on}


def new(address: str, **values: Any) -> Resource:
    return resource(address, **{"arn": UNKNOWN, "id": UNKNOWN, **values})


def there(address: str, **values: Any) -> Resource:
    """What is there already and stays as it is."""
    before = {name: value.value if isinstance(value, Given) else value for name, value in values.items()}
    return resource(address, "no-op", before=before, **values)


def permission(name: str, principal: str, source: Any, *, alias: bool = False, account: bool = False) -> Resource:
    qualifier = known("live", "aws_lambda_alias.live.name") if alias else None
    return new(
        f"aws_lambda_permission.{name}", action="lambda:InvokeFunction", principal=principal, source_arn=source,
        function_name=known("orders", "aws_lambda_function.orders.function_name"), qualifier=qualifier,
        source_account=ACCOUNT if account else None,
    )  # fmt: skip


FIRST: Parts = (
    there("aws_sns_topic.failed", name="failed", arn=arn("sns", "failed")),
    new("aws_iam_role.orders", name="orders", path="/", assume_role_policy=document(TRUST),
        managed_policy_arns=UNKNOWN, inline_policy=UNKNOWN),
    new("aws_iam_role_policy_attachment.rc124_orders", role=known("orders", "aws_iam_role.orders.name"),
        policy_arn=BASIC),
    new("aws_lambda_function.orders", function_name="orders", role=after("aws_iam_role.orders.arn"), vpc_config=[],
        invoke_arn=UNKNOWN, qualified_arn=UNKNOWN, tracing_config=UNKNOWN),
    new("aws_lambda_function_event_invoke_config.orders",
        function_name=known("orders", "aws_lambda_function.orders.function_name"), qualifier=None,
        destination_config=[{"on_failure": [{"destination": arn("sns", "failed")}], "on_success": []}]),
    resource("aws_iam_role_policy.rc127_orders", role=after("aws_iam_role.orders.id"),
             policy=document(allow("RC127Orders", ("sns:Publish",), arn("sns", "failed")),
                             allow("Sale", ("dynamodb:PutItem",), arn("dynamodb", "table/orders")))),
    state("data.aws_iam_role.other", name="other", path="/", arn=f"arn:aws:iam::{ACCOUNT}:role/other"),
    new("aws_lambda_function.other", function_name="other", vpc_config=[], tracing_config=UNKNOWN,
        role=known(f"arn:aws:iam::{ACCOUNT}:role/other", "data.aws_iam_role.other.arn")),
    new("aws_cloudwatch_event_rule.nightly", name="nightly", event_bus_name="default"),
    new("aws_cloudwatch_event_rule.other", name="other", event_bus_name="default"),
    new("aws_cloudwatch_event_target.nightly", rule=known("nightly", "aws_cloudwatch_event_rule.nightly.name"),
        event_bus_name="default", arn=ORDERS),
    permission("rc303_nightly", "events.amazonaws.com", after("aws_cloudwatch_event_rule.nightly.arn")),
    new("aws_s3_bucket.uploads", bucket="uploads-111122223333"),
    new("aws_s3_bucket.other", bucket="other-111122223333"),
    new("aws_s3_bucket_notification.uploads", bucket=after("aws_s3_bucket.uploads.id"),
        lambda_function=[{"lambda_function_arn": ORDERS, "events": ["s3:ObjectCreated:*"]}]),
    permission("rc304_uploads", "s3.amazonaws.com", after("aws_s3_bucket.uploads.arn"), account=True),
    new("aws_sns_topic.sales", name="sales"),
    new("aws_sns_topic.other", name="other"),
    new("aws_sns_topic_subscription.sales", protocol="lambda", topic_arn=after("aws_sns_topic.sales.arn"),
        endpoint=ORDERS),
    permission("rc305_sales", "sns.amazonaws.com", after("aws_sns_topic.sales.arn")),
    new("aws_cloudwatch_log_group.web", name="/web"),
    new("aws_cloudwatch_log_subscription_filter.web", name="web", filter_pattern="", destination_arn=ORDERS,
        log_group_name=known("/web", "aws_cloudwatch_log_group.web.name")),
    permission("rc306_web", "logs.amazonaws.com", arn("logs", "log-group:/web:*"), account=True),
    new("aws_cognito_user_pool.people", name="people", lambda_config=[{"pre_sign_up": ORDERS}]),
    new("aws_cognito_user_pool.other", name="other", lambda_config=[]),
    permission("rc307_people", "cognito-idp.amazonaws.com", after("aws_cognito_user_pool.people.arn")),
    new("aws_lb_target_group.web", name="web", target_type="lambda", arn_suffix=UNKNOWN),
    new("aws_lb_target_group.other", name="other", target_type="lambda", arn_suffix=UNKNOWN),
    new("aws_lb_target_group_attachment.web", target_id=ORDERS, target_group_arn=after("aws_lb_target_group.web.arn")),
    permission("rc312_web", "elasticloadbalancing.amazonaws.com", after("aws_lb_target_group.web.arn")),
)  # fmt: skip


def role(name: str, *statements: Any, trusted: Any = TRUST) -> Parts:
    """A role that is there, with a policy of its own and a function that runs as it."""
    return (
        there(f"aws_iam_role.{name}", name=name, path="/", assume_role_policy=document(trusted), id=name,
              arn=f"arn:aws:iam::{ACCOUNT}:role/{name}", managed_policy_arns=[], inline_policy=[]),
        there(f"aws_iam_role_policy.{name}", role=name, policy=document(*statements), name=name),
    )  # fmt: skip


def function(name: str, **more: Any) -> Resource:
    values = {"function_name": name, "arn": arn("lambda", f"function:{name}"), "vpc_config": [], "tracing_config": [],
              "role": f"arn:aws:iam::{ACCOUNT}:role/{name}", **more}  # fmt: skip
    return there(f"aws_lambda_function.{name}", **{**values, "role": known(values["role"], f"aws_iam_role.{name}.arn")})


def mapping(name: str, source: str, **more: Any) -> Resource:
    return there(
        f"aws_lambda_event_source_mapping.{name}", function_name=arn("lambda", f"function:{name}"),
        event_source_arn=source, **more,
    )  # fmt: skip


FAILED = [{"on_failure": [{"destination_arn": arn("sqs", "failed")}]}]

QUALIFIED = known(arn("lambda", "function:edge:1"), "aws_lambda_function.edge.qualified_arn")
ASSOCIATED = {"event_type": "viewer-request", "lambda_arn": QUALIFIED}

LATER: Parts = (
    there("aws_sqs_queue.failed", name="failed", arn=arn("sqs", "failed")),
    there("aws_sqs_queue.orders", name="orders", arn=arn("sqs", "orders"),
          redrive_policy=json.dumps({"deadLetterTargetArn": arn("sqs", "failed"), "maxReceiveCount": 5})),
    *role("queue", allow("RC124Queue", LOGS), allow("RC126Queue", SQS, arn("sqs", "orders"))),
    function("queue"),
    mapping("queue", arn("sqs", "orders")),
    there("aws_kinesis_stream.clicks", name="clicks", arn=arn("kinesis", "stream/clicks")),
    *role("stream", allow("RC124Stream", LOGS), allow("RC126Stream", KINESIS, arn("kinesis", "stream/clicks")),
          allow("RC127Stream", ("sqs:SendMessage",), arn("sqs", "failed"))),
    function("stream"),
    mapping("stream", arn("kinesis", "stream/clicks"), destination_config=FAILED),
    *role("network", allow("RC124Network", LOGS), allow("RC125Network", INTERFACES)),
    function("network", vpc_config=VPC),
    *role("traced", allow("RC124Traced", LOGS), allow("RC128Traced", XRAY)),
    function("traced", tracing_config=[{"mode": "Active"}]),
    *role("edge", allow("RC124Edge", LOGS), trusted=EDGE),
    function("edge", qualified_arn=arn("lambda", "function:edge:1")),
    resource("aws_cloudfront_distribution.site", "update", before={}, enabled=True, ordered_cache_behavior=[],
             default_cache_behavior=[{"target_origin_id": "site", "lambda_function_association": [ASSOCIATED]}]),
)  # fmt: skip

LIVE = known(arn("lambda", "function:orders:live"), "aws_lambda_alias.live.arn")

ALIAS: Parts = (
    there("aws_sns_topic.failed", name="failed", arn=arn("sns", "failed")),
    *role("orders", allow("RC124Orders", LOGS), allow("RC127Orders", ("sns:Publish",), arn("sns", "failed"))),
    function("orders", dead_letter_config=[{"target_arn": arn("sns", "failed")}]),
    *role("other", allow("RC124Other", LOGS)),
    function("other"),
    there("aws_lambda_alias.live", name="live", function_version="1", arn=LIVE.value,
          function_name=known("orders", "aws_lambda_function.orders.function_name")),
    there("aws_sns_topic.sales", name="sales", arn=arn("sns", "sales")),
    there("aws_sns_topic.other", name="other", arn=arn("sns", "other")),
    there("aws_sns_topic_subscription.sales", protocol="lambda", endpoint=LIVE,
          topic_arn=known(arn("sns", "sales"), "aws_sns_topic.sales.arn")),
    permission("rc305_sales", "sns.amazonaws.com", known(arn("sns", "sales"), "aws_sns_topic.sales.arn"), alias=True),
    there("aws_cloudwatch_event_rule.nightly", name="nightly", arn=arn("events", "rule/nightly")),
    there("aws_cloudwatch_event_target.nightly", rule="nightly", arn=arn("lambda", "function:orders"), role_arn=None),
    permission("rc303_nightly", "events.amazonaws.com", arn("events", "rule/nightly")),
    there("aws_api_gateway_rest_api.shop", name="shop", id="a1b2c3d4e5", root_resource_id="r1", body=None,
          execution_arn=arn("execute-api", "a1b2c3d4e5")),
    there("aws_api_gateway_integration.root", type="AWS_PROXY", http_method="ANY",
          rest_api_id=known("a1b2c3d4e5", "aws_api_gateway_rest_api.shop.id"),
          resource_id=known("r1", "aws_api_gateway_rest_api.shop.root_resource_id"),
          uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{LIVE.value}/invocations"),
    permission("rc301_root", "apigateway.amazonaws.com", arn("execute-api", "a1b2c3d4e5/*/*/"), alias=True),
)  # fmt: skip

HEALTHY = {"aliases": ALIAS, "first apply": FIRST, "later apply": LATER}
