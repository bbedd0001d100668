"""What stands around a reference in a value that is known only after apply.

Of ``"${aws_api_gateway_rest_api.shop.execution_arn}/*"`` a plan keeps the reference. For most attributes nothing but
the whole of what they refer to is of use; for the others it is not known what is before or behind it.
"""

from __future__ import annotations

from rolecall.iac.plan_origins import Origin
from rolecall.unknown import Following, Text, Unknown


def _either(kind: str, *attributes: str) -> frozenset[tuple[str, str]]:
    return frozenset((kind, attribute) for attribute in attributes)


# Whose ARN is taken whole: no value is of use that has something before or behind it.
_WHOLE = frozenset({
    "aws_iam_role", "aws_iam_user", "aws_iam_openid_connect_provider", "aws_iam_saml_provider", "aws_iam_policy",
    "aws_iam_service_linked_role", "aws_sns_topic", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_bus",
    "aws_iot_topic_rule", "aws_lb_target_group", "aws_alb_target_group", "aws_cognito_user_pool", "aws_lambda_alias",
    "aws_sqs_queue", "aws_kinesis_stream", "aws_kinesis_stream_consumer", "aws_kms_key", "aws_efs_access_point",
    "aws_msk_cluster", "aws_msk_serverless_cluster", "aws_mq_broker", "aws_docdb_cluster",
    "aws_secretsmanager_secret", "aws_ses_receipt_rule", "aws_config_config_rule", "aws_bedrockagent_agent",
    "aws_cloudfront_distribution", "aws_appsync_graphql_api", "aws_appsync_api", "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_composite_alarm", "aws_vpclattice_target_group", "aws_transfer_server", "aws_connect_instance",
    "aws_codecommit_repository", "data.aws_iam_role", "data.aws_iam_policy", "data.aws_sns_topic", "data.aws_sqs_queue",
})  # fmt: skip
# attribute that takes a name, an ID or an ARN whole -> types and attributes of others that are one
_NAMED_BY = {
    "bucket": _either("aws_s3_bucket", "id", "bucket"),
    "destination": _either("aws_s3_bucket", "arn"),
    "destination_arn": _either("aws_s3_bucket", "arn"),
    "rule": _either("aws_cloudwatch_event_rule", "id", "name"),
    "event_bus_name": _either("aws_cloudwatch_event_bus", "id", "name"),
    "log_group_name": _either("aws_cloudwatch_log_group", "id", "name"),
    "role": _either("aws_iam_role", "id", "name"),
    "role_name": _either("aws_iam_role", "id", "name"),
    "roles": _either("aws_iam_role", "id", "name"),
    "topic_arn": _either("aws_sns_topic", "id"),
    "queue_url": _either("aws_sqs_queue", "id", "url"),
    "function_name": _either("aws_lambda_function", "id", "function_name"),
    "FunctionName": _either("aws_lambda_function", "id", "function_name"),
    "secret_id": _either("aws_secretsmanager_secret", "id") | _either("aws_secretsmanager_secret_version", "secret_id"),
    "rule_set_name": _either("aws_ses_receipt_rule_set", "id", "rule_set_name"),
    "agent_id": _either("aws_bedrockagent_agent", "id", "agent_id"),
    "target_group_arn": _either("aws_lb_target_group", "id") | _either("aws_alb_target_group", "id"),
    "target_group_identifier": _either("aws_vpclattice_target_group", "id"),
    "instance_id": _either("aws_connect_instance", "id"),
    "repository_name": _either("aws_codecommit_repository", "id", "repository_name"),
    "rest_api_id": _either("aws_api_gateway_rest_api", "id"),
    "api_id": _either("aws_apigatewayv2_api", "id"),
}
# attribute that takes an ID behind something -> what that is, and the resource whose ID it takes
_PREFIXED_BY = {"target": ("integrations/", "aws_apigatewayv2_integration")}
# Resources in which an attribute is a URI that the ARN of the function stands in, and what is such a URI.
_WRAPPING = ("aws_api_gateway_", "aws_apigatewayv2_")
_WRAPPED = frozenset({"uri", "integration_uri", "authorizer_uri"})
_URIS = frozenset({"invoke_arn", "qualified_invoke_arn", "response_streaming_invoke_arn"})


def surroundings(origin: Origin, holder: str, name: str, *, aliases: bool) -> tuple[str, Text] | None:
    """What stands before and behind an origin's attribute in the value of an attribute; ``None``: nobody can tell.

    origin: a resource and its attribute. holder, name: the type of the resource with the value, and the value's
    attribute. aliases: whether the origin has any. Of a URI, nothing but the ARN of the function in it is of use.
    """
    kind, given = str(origin.vertex and origin.vertex["resource_type"]), origin.attribute
    if (kind, given) in _NAMED_BY.get(name, ()):
        return "", ""
    if (kind, given) == (_PREFIXED_BY.get(name, ("", ""))[1], "id"):
        return _PREFIXED_BY[name][0], ""
    in_uri = name in _WRAPPED and holder.startswith(_WRAPPING)
    if in_uri and given in _URIS:
        return "", ""
    if not given.endswith("arn"):
        return None
    if kind in _WHOLE or given in ("stream_arn", "qualified_arn"):
        return "", ""
    reason = f"what follows {origin.said} is known only after apply"
    if kind != "aws_lambda_function":
        return "", Unknown(reason)
    return "", Following(reason) if aliases or in_uri else ""  # a URI may have a stage variable there
