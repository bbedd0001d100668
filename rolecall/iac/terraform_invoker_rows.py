"""What is wired to call functions in a Terraform configuration: one row for each resource type.

Source: the pages of the resources at https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rolecall.iac.role_calls import Calls, data_source, delivery_stream, pipe, pipeline, schedule, state_machine
from rolecall.iac.terraform_arns import event_rule_arn, log_group_arn, regional, secret_arn
from rolecall.iac.terraform_values import TerraformValues
from rolecall.iac.terraform_vertex import Vertex
from rolecall.iac.wiring import MEMBER_ACCOUNT, MEMBER_RULE
from rolecall.invocation import ANY_LOG_GROUP
from rolecall.unknown import Text, Unknown, text

Source = Callable[[TerraformValues, Vertex], Text]


@dataclass(frozen=True)
class Row:
    """kind: the row of ``rolecall.invocation``. what: the source for a reader, before its name.

    function: the attribute that names the function, or a list of them, or a comma between several attributes, each for
    functions of its own; a dot leads into a block. block: the nested block that holds them, if one does.
    source: gives the ARN of what fires. when: an attribute, beside the function's, and the value it must have.
    role: the attribute that names the role to call with. mixed: whether other things than functions can be called.
    optional: whether it need not call anything. account: of the source, where that is not the configuration's.
    calls: says what is called with which role, where ``function`` does not. name: the attribute that names the wiring
    for a reader, where the source does not.
    """

    kind: str
    type: str
    what: str
    function: str
    source: Source
    block: str = ""
    when: tuple[str, str] = ("", "")
    role: str = ""
    mixed: bool = False
    optional: bool = False
    account: Unknown | None = None
    calls: Calls | None = None
    name: str = ""


def required(values: TerraformValues, vertex: Vertex, attribute: str) -> Text:
    return values.get(vertex, attribute) or Unknown(f"the attribute {attribute} is missing")


def _given(attribute: str) -> Source:
    return lambda values, vertex: required(values, vertex, attribute)


def _own(attribute: str) -> Source:
    """What a reference to the attribute gives."""
    return lambda values, vertex: values.attribute_of(vertex, attribute)


def _named(service: str, kind: str, attribute: str) -> Source:
    """The ARN of what an attribute names by its ARN, or by its name or ID."""

    def source(values: TerraformValues, vertex: Vertex) -> Text:
        named = required(values, vertex, attribute)
        return named if str(named).startswith("arn:") else regional(values, vertex, service, text(kind, named))

    return source


def _bucket(values: TerraformValues, vertex: Vertex) -> Text:
    return text("arn:", values.place(vertex).partition, ":s3:::", required(values, vertex, "bucket"))


def _rule(values: TerraformValues, vertex: Vertex) -> Text:
    return event_rule_arn(values, vertex, values.get(vertex, "event_bus_name"), required(values, vertex, "rule"))


def _log_group(values: TerraformValues, vertex: Vertex) -> Text:
    return text(log_group_arn(values, vertex, required(values, vertex, "log_group_name")), ":*")


def _any_log_group(values: TerraformValues, vertex: Vertex) -> Text:
    return text(log_group_arn(values, vertex, ANY_LOG_GROUP), ":*")


def _secret(values: TerraformValues, vertex: Vertex) -> Text:
    named = required(values, vertex, "secret_id")
    is_name = isinstance(named, str) and not named.startswith("arn:")
    return secret_arn(values, vertex, named) if is_name else named


def _schedule_group(values: TerraformValues, vertex: Vertex) -> Text:
    """What a schedule presents is its group.

    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    return regional(values, vertex, "scheduler", text("schedule-group/", values.get(vertex, "group_name") or "default"))


ROWS = (
    Row("sns_subscription", "aws_sns_topic_subscription", "The SNS topic", "endpoint", _given("topic_arn"),
        when=("protocol", "lambda")),
    Row("s3_notification", "aws_s3_bucket_notification", "The bucket", "lambda_function_arn", _bucket,
        block="lambda_function"),
    Row("eventbridge_rule", "aws_cloudwatch_event_target", "The EventBridge rule", "arn", _rule, role="role_arn",
        mixed=True),
    Row("logs_subscription", "aws_cloudwatch_log_subscription_filter", "The log group", "destination_arn", _log_group,
        mixed=True),
    Row("logs_subscription", "aws_cloudwatch_log_account_policy", "The log groups of",
        "policy_document.DestinationArn", _any_log_group, when=("policy_type", "SUBSCRIPTION_FILTER_POLICY"),
        mixed=True),
    Row("iot_rule", "aws_iot_topic_rule", "The IoT rule", "function_arn", _own("arn"), block="lambda"),
    Row("cognito_trigger", "aws_cognito_user_pool", "The user pool",
        "create_auth_challenge,custom_message,define_auth_challenge,post_authentication,post_confirmation,"
        "pre_authentication,pre_sign_up,pre_token_generation,user_migration,verify_auth_challenge_response,"
        "pre_token_generation_config.lambda_arn,custom_email_sender.lambda_arn,custom_sms_sender.lambda_arn",
        _own("arn"), block="lambda_config", optional=True),
    Row("load_balancer", "aws_lb_target_group_attachment", "The target group", "target_id",
        _given("target_group_arn"), mixed=True),
    Row("load_balancer", "aws_alb_target_group_attachment", "The target group", "target_id",
        _given("target_group_arn"), mixed=True),
    Row("secrets_manager_rotation", "aws_secretsmanager_secret_rotation", "Secrets Manager, for", "rotation_lambda_arn",
        _secret, optional=True),
    Row("ses_receipt_rule", "aws_ses_receipt_rule", "The receipt rule", "function_arn", _own("arn"),
        block="lambda_action"),
    Row("config_rule", "aws_config_config_rule", "The Config rule", "source_identifier", _own("arn"), block="source",
        when=("owner", "CUSTOM_LAMBDA")),
    Row("config_rule", "aws_config_organization_custom_rule", "The organization's Config rule", "lambda_function_arn",
        lambda values, vertex: MEMBER_RULE, account=MEMBER_ACCOUNT),
    Row("bedrock_agent", "aws_bedrockagent_agent_action_group", "The agent of", "action_group_executor.lambda",
        _named("bedrock", "agent/", "agent_id"), optional=True),
    Row("bedrock_agent", "aws_bedrockagent_agent", "The agent", "prompt_override_configuration.override_lambda",
        _own("agent_arn"), optional=True),
    Row("appsync_authorizer", "aws_appsync_graphql_api", "The AppSync API",
        "lambda_authorizer_config.authorizer_uri,"
        "additional_authentication_provider.lambda_authorizer_config.authorizer_uri", _own("arn"), optional=True),
    Row("appsync_authorizer", "aws_appsync_api", "The AppSync API",
        "event_config.auth_provider.lambda_authorizer_config.authorizer_uri", _own("api_arn"), optional=True),
    *(
        Row("cloudwatch_alarm", kind, "The alarm", "alarm_actions,ok_actions,insufficient_data_actions", _own("arn"),
            mixed=True)
        for kind in ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    ),
    Row("vpc_lattice", "aws_vpclattice_target_group_attachment", "The target group of", "target.id",
        _named("vpc-lattice", "targetgroup/", "target_group_identifier"), mixed=True),
    Row("transfer_server", "aws_transfer_server", "The Transfer Family server", "function", _own("arn"),
        when=("identity_provider_type", "AWS_LAMBDA")),
    Row("connect_instance", "aws_connect_lambda_function_association", "The Connect instance of", "function_arn",
        _named("connect", "instance/", "instance_id")),
    Row("codecommit_trigger", "aws_codecommit_trigger", "The repository", "destination_arn",
        _named("codecommit", "", "repository_name"), block="trigger", mixed=True),
    Row("step_functions", "aws_sfn_state_machine", "The state machine", "", _own("arn"), calls=state_machine,
        name="name"),
    Row("eventbridge_scheduler", "aws_scheduler_schedule", "The schedule", "", _schedule_group, calls=schedule,
        name="name"),
    Row("eventbridge_pipe", "aws_pipes_pipe", "The pipe", "", _own("arn"), calls=pipe, name="name"),
    Row("appsync_data_source", "aws_appsync_datasource", "The AppSync data source", "",
        _named("appsync", "apis/", "api_id"), calls=data_source, name="name"),
    Row("firehose_processor", "aws_kinesis_firehose_delivery_stream", "The delivery stream", "", _own("arn"),
        calls=delivery_stream, name="name"),
    Row("codepipeline_action", "aws_codepipeline", "The pipeline", "", _own("arn"), calls=pipeline, name="name"),
)  # fmt: skip
