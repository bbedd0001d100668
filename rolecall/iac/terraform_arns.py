"""The ARNs and other attributes that the AWS provider composes, for references to them.

Source: the pages of the resources at https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rolecall.iac.terraform_vertex import Vertex
from rolecall.iac.wiring import bus_name
from rolecall.unknown import Text, text

if TYPE_CHECKING:
    from rolecall.iac.terraform_values import TerraformValues

Compose = Callable[["TerraformValues", Vertex], Text]


def name_of(values: TerraformValues, vertex: Vertex, attribute: str = "name") -> Text:
    """The name that a resource gives itself; where it gives none, Terraform or AWS makes one."""
    return values.get(vertex, attribute) or values.of(vertex, attribute)


def role_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``arn:P:iam::A:role/path/name`` of an ``aws_iam_role``."""
    path = values.get(vertex, "path") or "/"
    place = values.place(vertex)
    return text("arn:", place.partition, ":iam::", place.account, ":role", path, name_of(values, vertex))


def user_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``arn:P:iam::A:user/path/name`` of an ``aws_iam_user``."""
    path, place = values.get(vertex, "path") or "/", values.place(vertex)
    return text("arn:", place.partition, ":iam::", place.account, ":user", path, name_of(values, vertex))


def _oidc_provider_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``arn:P:iam::A:oidc-provider/host`` of an identity provider, by its URL."""
    url = values.get(vertex, "url")
    if not isinstance(url, str):
        return values.of(vertex, "arn")
    place = values.place(vertex)
    return text("arn:", place.partition, ":iam::", place.account, ":oidc-provider/", url.removeprefix("https://"))


def function_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``arn:P:lambda:R:A:function:name`` of an ``aws_lambda_function``."""
    return regional(values, vertex, "lambda", text("function:", name_of(values, vertex, "function_name")))


def regional(values: TerraformValues, vertex: Vertex, service: str, resource: Text) -> Text:
    """``arn:P:service:R:A:resource`` in the place of a vertex."""
    place = values.place(vertex)
    return text("arn:", place.partition, f":{service}:", place.region, ":", place.account, ":", resource)


def alias_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``arn:P:lambda:R:A:function:name:alias`` of an ``aws_lambda_alias``."""
    function = values.get(vertex, "function_name") or values.of(vertex, "function_name")
    named = (
        function
        if str(function).startswith("arn:")
        else regional(values, vertex, "lambda", text("function:", function))
    )
    return text(named, ":", name_of(values, vertex))


def bucket_arn(values: TerraformValues, vertex: Vertex) -> Text:
    return text("arn:", values.place(vertex).partition, ":s3:::", name_of(values, vertex, "bucket"))


def rule_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``rule/NAME`` on the default bus, ``rule/BUS/NAME`` on another.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    return event_rule_arn(values, vertex, values.get(vertex, "event_bus_name"), name_of(values, vertex))


def event_rule_arn(values: TerraformValues, vertex: Vertex, bus: Text | None, name: Text) -> Text:
    """The ARN of a rule by its bus (its name or ARN) and its name, in the place of a vertex."""
    if bus is None or bus == "default":
        return regional(values, vertex, "events", text("rule/", name))
    return regional(values, vertex, "events", text("rule/", bus_name(bus), "/", name))


def bus_arn(values: TerraformValues, vertex: Vertex) -> Text:
    return regional(values, vertex, "events", text("event-bus/", name_of(values, vertex)))


def log_group_arn(values: TerraformValues, vertex: Vertex, name: Text) -> Text:
    """The provider's ARN of a log group ends without the ``:*`` that AWS's own has."""
    return regional(values, vertex, "logs", text("log-group:", name))


def _named(service: str, kind: str, attribute: str = "name") -> Compose:
    """The ARN of a resource by its name."""
    return lambda values, vertex: regional(values, vertex, service, text(kind, name_of(values, vertex, attribute)))


def _identified(service: str, kind: str, attribute: str = "id") -> Compose:
    """The ARN of a resource by an ID that AWS gives it. attribute: the ID's."""
    return lambda values, vertex: regional(values, vertex, service, text(kind, values.of(vertex, attribute)))


def secret_arn(values: TerraformValues, vertex: Vertex, name: Text) -> Text:
    """Secrets Manager adds a hyphen and six characters to the name.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
    """
    return regional(values, vertex, "secretsmanager", text("secret:", name, "-", values.of(vertex, "suffix")))


def receipt_rule_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """Source: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html"""
    rule_set = name_of(values, vertex, "rule_set_name")
    return regional(
        values, vertex, "ses", text("receipt-rule-set/", rule_set, ":receipt-rule/", name_of(values, vertex))
    )


def _target_group_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """Of a load balancer: ``targetgroup/NAME/ID``."""
    name = text("targetgroup/", name_of(values, vertex), "/", values.of(vertex, "arn_suffix"))
    return regional(values, vertex, "elasticloadbalancing", name)


def _cluster_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """Of Kafka: ``cluster/NAME/UUID``.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html
    """
    name = name_of(values, vertex, "cluster_name")
    return regional(values, vertex, "kafka", text("cluster/", name, "/", values.of(vertex, "cluster_uuid")))


def _broker_arn(values: TerraformValues, vertex: Vertex) -> Text:
    """``broker:NAME:ID``.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmq.html
    """
    name = name_of(values, vertex, "broker_name")
    return regional(values, vertex, "mq", text("broker:", name, ":", values.of(vertex, "id")))


def _given(attribute: str) -> Compose:
    """What the resource's own attribute is given."""
    return lambda values, vertex: values.get(vertex, attribute) or values.of(vertex, attribute)


def _name(attribute: str) -> Compose:
    return lambda values, vertex: name_of(values, vertex, attribute)


def _same(attribute: str) -> Compose:
    """An attribute that AWS sets under another name."""
    return lambda values, vertex: values.of(vertex, attribute)


COMPOSED: Mapping[tuple[str, str], Compose] = {
    ("aws_iam_role", "arn"): role_arn,
    ("aws_iam_user", "arn"): user_arn,
    ("aws_iam_openid_connect_provider", "arn"): _oidc_provider_arn,
    ("data.aws_iam_openid_connect_provider", "arn"): _oidc_provider_arn,
    ("aws_lambda_function", "arn"): function_arn,
    ("aws_lambda_alias", "arn"): alias_arn,
    ("aws_sns_topic", "arn"): _named("sns", ""),
    ("aws_sns_topic", "id"): _named("sns", ""),
    ("aws_s3_bucket", "arn"): bucket_arn,
    ("aws_s3_bucket", "id"): lambda values, vertex: name_of(values, vertex, "bucket"),
    ("aws_cloudwatch_event_rule", "arn"): rule_arn,
    ("aws_cloudwatch_event_rule", "id"): name_of,
    ("aws_cloudwatch_event_bus", "arn"): bus_arn,
    ("aws_cloudwatch_log_group", "arn"): lambda values, vertex: log_group_arn(values, vertex, name_of(values, vertex)),
    ("aws_cloudwatch_log_group", "id"): name_of,
    ("aws_cognito_user_pool", "arn"): _identified("cognito-idp", "userpool/", "id"),
    ("aws_iot_topic_rule", "arn"): _named("iot", "rule/"),
    ("aws_cloudwatch_event_bus", "id"): name_of,
    ("aws_sqs_queue", "arn"): _named("sqs", ""),
    ("aws_kinesis_stream", "arn"): _named("kinesis", "stream/"),
    ("aws_kinesis_stream_consumer", "arn"): lambda values, vertex: text(
        values.get(vertex, "stream_arn") or values.of(vertex, "stream_arn"),
        "/consumer/",
        name_of(values, vertex),
        ":",
        values.of(vertex, "creation_timestamp"),
    ),
    ("aws_dynamodb_table", "arn"): _named("dynamodb", "table/"),
    ("aws_dynamodb_table", "stream_arn"): lambda values, vertex: text(
        _named("dynamodb", "table/")(values, vertex), "/stream/", values.of(vertex, "stream_label")
    ),
    **{(kind, "arn"): _cluster_arn for kind in ("aws_msk_cluster", "aws_msk_serverless_cluster")},
    ("aws_mq_broker", "arn"): _broker_arn,
    ("aws_docdb_cluster", "arn"): _named("rds", "cluster:", "cluster_identifier"),
    ("aws_kms_key", "arn"): _identified("kms", "key/", "key_id"),
    ("aws_efs_file_system", "arn"): _identified("elasticfilesystem", "file-system/", "id"),
    ("aws_efs_access_point", "arn"): _identified("elasticfilesystem", "access-point/", "id"),
    **{
        (kind, attribute): _target_group_arn
        for kind in ("aws_lb_target_group", "aws_alb_target_group")
        for attribute in ("arn", "id")
    },
    ("aws_secretsmanager_secret", "arn"): lambda values, vertex: secret_arn(values, vertex, name_of(values, vertex)),
    ("aws_secretsmanager_secret", "id"): lambda values, vertex: secret_arn(values, vertex, name_of(values, vertex)),
    ("aws_secretsmanager_secret_version", "arn"): _given("secret_id"),
    ("aws_secretsmanager_secret_version", "secret_id"): _given("secret_id"),
    ("aws_ses_receipt_rule", "arn"): receipt_rule_arn,
    ("aws_ses_receipt_rule_set", "id"): _name("rule_set_name"),
    ("aws_config_config_rule", "arn"): _identified("config", "config-rule/", "rule_id"),
    ("aws_config_config_rule", "id"): name_of,
    ("aws_bedrockagent_agent", "agent_arn"): _identified("bedrock", "agent/", "agent_id"),
    ("aws_bedrockagent_agent", "id"): _same("agent_id"),
    ("aws_appsync_graphql_api", "arn"): _identified("appsync", "apis/"),
    ("aws_appsync_api", "api_arn"): _identified("appsync", "apis/", "api_id"),
    ("aws_cloudwatch_metric_alarm", "arn"): _named("cloudwatch", "alarm:", "alarm_name"),
    ("aws_cloudwatch_metric_alarm", "id"): _name("alarm_name"),
    ("aws_cloudwatch_composite_alarm", "arn"): _named("cloudwatch", "alarm:", "alarm_name"),
    ("aws_cloudwatch_composite_alarm", "id"): _name("alarm_name"),
    ("aws_sfn_activity", "arn"): _named("states", "activity:"),
    ("aws_sfn_activity", "id"): _named("states", "activity:"),
    ("aws_vpclattice_target_group", "arn"): _identified("vpc-lattice", "targetgroup/"),
    ("aws_transfer_server", "arn"): _identified("transfer", "server/"),
    ("aws_connect_instance", "arn"): _identified("connect", "instance/"),
    ("aws_codecommit_repository", "arn"): _named("codecommit", "", "repository_name"),
    ("aws_codecommit_repository", "id"): _name("repository_name"),
    ("aws_scheduler_schedule_group", "arn"): _named("scheduler", "schedule-group/"),
    ("aws_pipes_pipe", "arn"): _named("pipes", "pipe/"),
    ("aws_sfn_state_machine", "arn"): _named("states", "stateMachine:"),
    ("aws_kinesis_firehose_delivery_stream", "arn"): _named("firehose", "deliverystream/"),
    ("aws_codepipeline", "arn"): _named("codepipeline", ""),
}
