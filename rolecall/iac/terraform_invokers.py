"""What is wired to call functions in a Terraform configuration: one row for each resource type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rolecall.iac.terraform_arns import event_rule_arn, log_group_arn
from rolecall.iac.terraform_graph import TerraformGraph, Vertex, blocks_of
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.wiring import may_be_function, source_name
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, text


@dataclass(frozen=True)
class _Row:
    """kind: the row of ``rolecall.invocation``. what: the source for a reader, before its name.

    function: the attribute that names the function, or a comma between several, each for a function of its own; a dot
    leads into a block. block: the nested block that holds them, if one does.
    source: gives the ARN of what fires. when: an attribute and the value it must have. role: the attribute that names
    the role to call with. mixed: whether other things than functions can be called.
    """

    kind: str
    type: str
    what: str
    function: str
    source: Callable[[TerraformValues, Vertex], Text]
    block: str = ""
    when: tuple[str, str] = ("", "")
    role: str = ""
    mixed: bool = False


def _required(values: TerraformValues, vertex: Vertex, attribute: str) -> Text:
    return values.get(vertex, attribute) or Unknown(f"the attribute {attribute} is missing")


def _topic(values: TerraformValues, vertex: Vertex) -> Text:
    return _required(values, vertex, "topic_arn")


def _bucket(values: TerraformValues, vertex: Vertex) -> Text:
    return text("arn:", values.place(vertex).partition, ":s3:::", _required(values, vertex, "bucket"))


def _rule(values: TerraformValues, vertex: Vertex) -> Text:
    return event_rule_arn(values, vertex, values.get(vertex, "event_bus_name"), _required(values, vertex, "rule"))


def _log_group(values: TerraformValues, vertex: Vertex) -> Text:
    return text(log_group_arn(values, vertex, _required(values, vertex, "log_group_name")), ":*")


def _at(block: Any, path: str) -> Any:
    for name in path.split("."):
        block = block.get(name) if isinstance(block, dict) else None
    return block


def _own_arn(values: TerraformValues, vertex: Vertex) -> Text:
    return values.attribute_of(vertex, "arn")


def _target_group(values: TerraformValues, vertex: Vertex) -> Text:
    return _required(values, vertex, "target_group_arn")


ROWS = (
    _Row("sns_subscription", "aws_sns_topic_subscription", "The SNS topic", "endpoint", _topic,
         when=("protocol", "lambda")),
    _Row("s3_notification", "aws_s3_bucket_notification", "The bucket", "lambda_function_arn", _bucket,
         block="lambda_function"),
    _Row("eventbridge_rule", "aws_cloudwatch_event_target", "The EventBridge rule", "arn", _rule, role="role_arn",
         mixed=True),
    _Row("logs_subscription", "aws_cloudwatch_log_subscription_filter", "The log group", "destination_arn", _log_group,
         mixed=True),
    _Row("iot_rule", "aws_iot_topic_rule", "The IoT rule", "function_arn", _own_arn, block="lambda"),
    _Row("cognito_trigger", "aws_cognito_user_pool", "The user pool",
         "create_auth_challenge,custom_message,define_auth_challenge,post_authentication,post_confirmation,"
         "pre_authentication,pre_sign_up,pre_token_generation,user_migration,verify_auth_challenge_response,"
         "pre_token_generation_config.lambda_arn,custom_email_sender.lambda_arn,custom_sms_sender.lambda_arn",
         _own_arn, block="lambda_config"),
    _Row("load_balancer", "aws_lb_target_group_attachment", "The target group", "target_id", _target_group, mixed=True),
    _Row("load_balancer", "aws_alb_target_group_attachment", "The target group", "target_id", _target_group,
         mixed=True),
)  # fmt: skip


def invokers(
    graph: TerraformGraph, values: TerraformValues, resource_of: Callable[[Vertex], Resource]
) -> Iterator[Invoker]:
    """The invokers of one graph. resource_of: makes the model's resource of a vertex."""
    for row in ROWS:
        for vertex in graph.of_type(row.type):
            attribute, wanted = row.when
            if attribute and values.get(vertex, attribute) != wanted:
                continue
            source = row.source(values, vertex)
            for function in _functions(values, vertex, row):
                if not row.mixed or may_be_function(function):
                    yield Invoker(
                        kind=row.kind,
                        resource=resource_of(vertex),
                        what=f"{row.what} {source_name(source, str(vertex.get('__address__')))}",
                        function=function,
                        source_arn=source,
                        role=values.get(vertex, row.role) if row.role else None,
                    )


def _functions(values: TerraformValues, vertex: Vertex, row: _Row) -> Iterator[Text]:
    if not row.block:
        yield _required(values, vertex, row.function)
        return
    for block in blocks_of(vertex, row.block):
        if isinstance(block, Unknown):
            yield block
            continue
        named = [_at(block, attribute) for attribute in row.function.split(",")]
        given = [values.text(vertex, row.block, name) for name in named if name]
        yield from given if given or "," in row.function else [Unknown(f"{row.function} is missing")]
