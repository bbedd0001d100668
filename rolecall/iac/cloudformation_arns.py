"""What ``!Ref`` and ``!GetAtt`` of a resource give, as far as a template decides it: one row each.

Source: the "Return values" of each type's page in the CloudFormation template reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rolecall.iac.intrinsics import pseudo
from rolecall.iac.template import Declared
from rolecall.iac.wiring import bus_name
from rolecall.unknown import Text, Unknown, text

if TYPE_CHECKING:
    from rolecall.iac.cloudformation_values import TemplateValues

# IDs that AWS makes: the type, and the attribute of ``!GetAtt`` that gives it, empty for ``!Ref``
WITH_ID = frozenset({
    *((kind, "") for kind in (
        "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Authorizer", "AWS::CloudFront::Distribution", "AWS::Cognito::UserPool",
        "AWS::EFS::AccessPoint", "AWS::EFS::FileSystem", "AWS::KMS::Key",
    )),
    ("AWS::AppSync::Api", "ApiId"), ("AWS::AppSync::GraphQLApi", "ApiId"), ("AWS::Bedrock::Agent", "AgentId"),
    ("AWS::Config::ConfigRule", "ConfigRuleId"), ("AWS::Connect::Instance", "Id"), ("AWS::Lex::Bot", "Id"),
    ("AWS::Lex::BotAlias", "BotAliasId"), ("AWS::Transfer::Server", "ServerId"), ("AWS::VpcLattice::TargetGroup", "Id"),
})  # fmt: skip

Compose = Callable[["TemplateValues", Declared], Text]


def name_of(values: TemplateValues, declared: Declared, name: str) -> Text:
    """The name that a resource gives itself; where it gives none, CloudFormation makes one, which ``!Ref`` gives."""
    return values.get(declared, name) or values.of(declared.logical, "", made=True)


def regional(values: TemplateValues, service: str, resource: Text) -> Text:
    """``arn:P:service:R:A:resource`` in the stack's own place."""
    place = (values.intrinsics.partition, f":{service}:", pseudo("AWS::Region"), ":", pseudo("AWS::AccountId"))
    return text("arn:", *place, ":", resource)


def role_arn(values: TemplateValues, declared: Declared, path: Text | None = None) -> Text:
    """``arn:P:iam::A:role/path/name`` of an ``AWS::IAM::Role``. path: instead of the role's own."""
    path = path or values.get(declared, "Path") or "/"
    place = (values.intrinsics.partition, ":iam::", pseudo("AWS::AccountId"))
    return text("arn:", *place, ":role", path, name_of(values, declared, "RoleName"))


def _oidc_provider_arn(values: TemplateValues, declared: Declared) -> Text:
    """``arn:P:iam::A:oidc-provider/host`` of an identity provider, by its URL."""
    url = values.get(declared, "Url")
    if not isinstance(url, str):
        return values.of(declared.logical, "Arn")
    place = (values.intrinsics.partition, ":iam::", pseudo("AWS::AccountId"))
    return text("arn:", *place, ":oidc-provider/", url.removeprefix("https://"))


def function_arn(values: TemplateValues, declared: Declared) -> Text:
    return regional(values, "lambda", text("function:", name_of(values, declared, "FunctionName")))


def qualified_arn(values: TemplateValues, declared: Declared, qualifier: Text | None) -> Text:
    """The ARN that ``!Ref`` of an alias or a version gives. Its FunctionName is a name, an ARN or a reference."""
    given = values.get(declared, "FunctionName")
    if given is None:
        return values.of(declared.logical, "")
    is_arn = str(given).startswith("arn:")
    return text(
        given if is_arn else regional(values, "lambda", text("function:", given)),
        ":",
        qualifier or _version(values, declared),
    )


def log_group_arn(values: TemplateValues, name: Text) -> Text:
    return regional(values, "logs", text("log-group:", name, ":*"))


def secret_arn(values: TemplateValues, declared: Declared, name: Text) -> Text:
    """Secrets Manager adds a hyphen and six characters to the name.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
    """
    return regional(values, "secretsmanager", text("secret:", name, "-", values.of(declared.logical, "suffix")))


def receipt_rule_arn(values: TemplateValues, declared: Declared) -> Text:
    """Source: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html"""
    name = values.value(declared, "Rule", "Name")
    rule = name if isinstance(name, (str, Unknown)) and name else values.of(declared.logical, "")
    return regional(
        values, "ses", text("receipt-rule-set/", name_of(values, declared, "RuleSetName"), ":receipt-rule/", rule)
    )


def _secret(values: TemplateValues, declared: Declared) -> Text:
    return secret_arn(values, declared, name_of(values, declared, "Name"))


def _target_group_arn(values: TemplateValues, declared: Declared) -> Text:
    """Of a load balancer: ``targetgroup/NAME/ID``."""
    logical = declared.logical
    name = values.get(declared, "Name") or values.of(logical, "TargetGroupName")
    return regional(
        values, "elasticloadbalancing", text("targetgroup/", name, "/", values.of(logical, "TargetGroupFullName"))
    )


def _state_machine_arn(values: TemplateValues, declared: Declared) -> Text:
    name = values.get(declared, "StateMachineName") or values.of(declared.logical, "Name")
    return regional(values, "states", text("stateMachine:", name))


def _bot_alias(values: TemplateValues, declared: Declared) -> Text:
    bot = name_of(values, declared, "BotId")
    return regional(values, "lex", text("bot-alias/", bot, "/", values.of(declared.logical, "BotAliasId")))


def _version(values: TemplateValues, declared: Declared) -> Text:
    return values.of(declared.logical, "Version" if declared.type == "AWS::Lambda::Version" else "Name")


def _own_name(name: str) -> Compose:
    """The name of a resource of which ``!Ref`` gives something else, and ``!GetAtt`` the name."""
    return lambda values, declared: values.get(declared, name) or values.of(declared.logical, name)


_queue_name, _topic_name = _own_name("QueueName"), _own_name("TopicName")


def _queue_arn(values: TemplateValues, declared: Declared) -> Text:
    return regional(values, "sqs", _queue_name(values, declared))


def _topic_arn(values: TemplateValues, declared: Declared) -> Text:
    return regional(values, "sns", _topic_name(values, declared))


def _bucket_arn(values: TemplateValues, declared: Declared) -> Text:
    return text("arn:", values.intrinsics.partition, ":s3:::", name_of(values, declared, "BucketName"))


def _rule_arn(values: TemplateValues, declared: Declared) -> Text:
    """``rule/NAME`` on the default bus, ``rule/BUS/NAME`` on another.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    bus, name = values.get(declared, "EventBusName"), name_of(values, declared, "Name")
    if bus is None or bus == "default":
        return regional(values, "events", text("rule/", name))
    return regional(values, "events", text("rule/", bus_name(bus), "/", name))


def _name(name: str) -> Compose:
    return lambda values, declared: name_of(values, declared, name)


def _arn(service: str, kind: str, name: str) -> Compose:
    """The ARN of a resource that is named by a property, or where ``!Ref`` gives its ID (name empty)."""
    return lambda values, declared: regional(
        values, service, text(kind, name_of(values, declared, name) if name else values.of(declared.logical, ""))
    )


def _user_arn(values: TemplateValues, declared: Declared) -> Text:
    place = ("arn:", values.intrinsics.partition, ":iam::", pseudo("AWS::AccountId"), ":user")
    return text(*place, values.get(declared, "Path") or "/", name_of(values, declared, "UserName"))


def _consumer_arn(values: TemplateValues, declared: Declared) -> Text:
    stream, name = name_of(values, declared, "StreamARN"), name_of(values, declared, "ConsumerName")
    return text(stream, "/consumer/", name, ":", values.of(declared.logical, "ConsumerCreationTimestamp"))


def _cluster_arn(values: TemplateValues, declared: Declared) -> Text:
    """Of Kafka: ``cluster/NAME/UUID``."""
    uuid = values.of(declared.logical, "ClusterUuid")
    return regional(values, "kafka", text("cluster/", name_of(values, declared, "ClusterName"), "/", uuid))


def _broker_arn(values: TemplateValues, declared: Declared) -> Text:
    name = name_of(values, declared, "BrokerName")
    return regional(values, "mq", text("broker:", name, ":", values.of(declared.logical, "")))


def _stream_arn(values: TemplateValues, declared: Declared) -> Text:
    label = values.of(declared.logical, "StreamLabel")
    return text(regional(values, "dynamodb", text("table/", name_of(values, declared, "TableName"))), "/stream/", label)


def _by_id(service: str, kind: str, attribute: str) -> Compose:
    """The ARN of a resource whose ID ``!GetAtt`` gives under this name."""
    return lambda values, declared: regional(values, service, text(kind, values.of(declared.logical, attribute)))


def _same(attribute: str) -> Compose:
    """What ``!GetAtt`` gives under this name as well."""
    return lambda values, declared: values.of(declared.logical, attribute)


def _ref(values: TemplateValues, declared: Declared) -> Text:
    """What ``!Ref`` gives, by another name."""
    return values.of(declared.logical, "")


COMPOSED: Mapping[tuple[str, str], Compose] = {
    ("AWS::Lambda::Function", "Arn"): function_arn,
    ("AWS::Lambda::Function", ""): _name("FunctionName"),
    ("AWS::IAM::User", "Arn"): _user_arn,
    ("AWS::IAM::OIDCProvider", ""): _oidc_provider_arn,
    ("AWS::IAM::OIDCProvider", "Arn"): _oidc_provider_arn,
    ("AWS::IAM::Role", "Arn"): role_arn,
    ("AWS::IAM::Role", ""): _name("RoleName"),
    ("AWS::Lambda::Alias", ""): lambda values, declared: qualified_arn(values, declared, values.get(declared, "Name")),
    ("AWS::Lambda::Version", ""): lambda values, declared: qualified_arn(values, declared, None),
    ("AWS::SNS::Topic", ""): _topic_arn,
    ("AWS::SNS::Topic", "TopicArn"): _topic_arn,
    ("AWS::SNS::Topic", "TopicName"): _topic_name,
    ("AWS::S3::Bucket", ""): _name("BucketName"),
    ("AWS::S3::Bucket", "Arn"): _bucket_arn,
    ("AWS::Events::Rule", "Arn"): _rule_arn,
    ("AWS::Events::EventBus", ""): _name("Name"),
    ("AWS::Events::EventBus", "Name"): _name("Name"),
    ("AWS::Events::EventBus", "Arn"): _arn("events", "event-bus/", "Name"),
    ("AWS::Logs::LogGroup", ""): _name("LogGroupName"),
    ("AWS::Logs::LogGroup", "Arn"): lambda values, declared: log_group_arn(
        values, name_of(values, declared, "LogGroupName")
    ),
    ("AWS::SQS::Queue", "Arn"): _queue_arn,
    ("AWS::SQS::Queue", "QueueName"): _queue_name,
    ("AWS::Kinesis::Stream", "Arn"): _arn("kinesis", "stream/", "Name"),
    ("AWS::Kinesis::Stream", ""): _name("Name"),
    ("AWS::Kinesis::StreamConsumer", ""): _consumer_arn,
    ("AWS::Kinesis::StreamConsumer", "ConsumerARN"): _consumer_arn,
    ("AWS::DynamoDB::Table", "Arn"): _arn("dynamodb", "table/", "TableName"),
    ("AWS::DynamoDB::Table", ""): _name("TableName"),
    ("AWS::DynamoDB::Table", "StreamArn"): _stream_arn,
    **{(f"AWS::MSK::{kind}", attribute): _cluster_arn
       for kind in ("Cluster", "ServerlessCluster") for attribute in ("", "Arn")},
    ("AWS::AmazonMQ::Broker", "Arn"): _broker_arn,
    ("AWS::KMS::Key", "Arn"): _arn("kms", "key/", ""),
    ("AWS::EFS::FileSystem", "Arn"): _arn("elasticfilesystem", "file-system/", ""),
    ("AWS::EFS::AccessPoint", "Arn"): _arn("elasticfilesystem", "access-point/", ""),
    ("AWS::Cognito::UserPool", "Arn"): _arn("cognito-idp", "userpool/", ""),
    ("AWS::IoT::TopicRule", "Arn"): _arn("iot", "rule/", "RuleName"),
    ("AWS::ApiGateway::RestApi", "RestApiId"): _ref,
    ("AWS::ApiGateway::Resource", "ResourceId"): _ref,
    ("AWS::ApiGateway::Authorizer", "AuthorizerId"): _ref,
    ("AWS::ApiGateway::Stage", ""): _name("StageName"),
    ("AWS::ApiGatewayV2::Api", "ApiId"): _ref,
    ("AWS::ApiGatewayV2::Authorizer", "AuthorizerId"): _ref,
    ("AWS::ApiGatewayV2::Integration", "IntegrationId"): _ref,
    ("AWS::ApiGatewayV2::Stage", ""): _name("StageName"),
    ("AWS::CloudFront::Distribution", "Id"): _ref,
    ("AWS::CloudFront::OriginAccessControl", "Id"): _ref,
    ("AWS::ElasticLoadBalancingV2::TargetGroup", ""): _target_group_arn,
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn"): _target_group_arn,
    ("AWS::SecretsManager::Secret", ""): _secret,
    ("AWS::SecretsManager::Secret", "Id"): _secret,
    ("AWS::SecretsManager::SecretTargetAttachment", ""): _name("SecretId"),
    ("AWS::SecretsManager::SecretTargetAttachment", "Id"): _name("SecretId"),
    ("AWS::SES::ReceiptRuleSet", ""): _name("RuleSetName"),
    ("AWS::Config::ConfigRule", ""): _name("ConfigRuleName"),
    ("AWS::Config::ConfigRule", "Arn"): _by_id("config", "config-rule/", "ConfigRuleId"),
    ("AWS::Bedrock::Agent", ""): _same("AgentId"),
    ("AWS::Bedrock::Agent", "AgentArn"): _by_id("bedrock", "agent/", "AgentId"),
    ("AWS::AppSync::GraphQLApi", ""): _by_id("appsync", "apis/", "ApiId"),
    ("AWS::AppSync::GraphQLApi", "Arn"): _by_id("appsync", "apis/", "ApiId"),
    ("AWS::AppSync::Api", "ApiArn"): _by_id("appsync", "apis/", "ApiId"),
    ("AWS::CloudWatch::Alarm", ""): _name("AlarmName"),
    ("AWS::CloudWatch::Alarm", "Arn"): _arn("cloudwatch", "alarm:", "AlarmName"),
    ("AWS::CloudWatch::CompositeAlarm", ""): _name("AlarmName"),
    ("AWS::CloudWatch::CompositeAlarm", "Arn"): _arn("cloudwatch", "alarm:", "AlarmName"),
    ("AWS::StepFunctions::Activity", ""): _arn("states", "activity:", "Name"),
    ("AWS::StepFunctions::Activity", "Arn"): _arn("states", "activity:", "Name"),
    ("AWS::VpcLattice::TargetGroup", ""): _by_id("vpc-lattice", "targetgroup/", "Id"),
    ("AWS::VpcLattice::TargetGroup", "Arn"): _by_id("vpc-lattice", "targetgroup/", "Id"),
    ("AWS::Transfer::Server", ""): _by_id("transfer", "server/", "ServerId"),
    ("AWS::Transfer::Server", "Arn"): _by_id("transfer", "server/", "ServerId"),
    ("AWS::Connect::Instance", ""): _by_id("connect", "instance/", "Id"),
    ("AWS::Connect::Instance", "Arn"): _by_id("connect", "instance/", "Id"),
    ("AWS::Lex::Bot", ""): _same("Id"),
    ("AWS::Lex::BotAlias", "Arn"): _bot_alias,
    ("AWS::CodeCommit::Repository", "Arn"): _arn("codecommit", "", "RepositoryName"),
    ("AWS::CodeCommit::Repository", "Name"): _name("RepositoryName"),
    ("AWS::StepFunctions::StateMachine", ""): _state_machine_arn,
    ("AWS::StepFunctions::StateMachine", "Arn"): _state_machine_arn,
    ("AWS::Scheduler::ScheduleGroup", ""): _name("Name"),
    ("AWS::Scheduler::ScheduleGroup", "Arn"): _arn("scheduler", "schedule-group/", "Name"),
    ("AWS::Pipes::Pipe", "Arn"): _arn("pipes", "pipe/", "Name"),
    ("AWS::KinesisFirehose::DeliveryStream", "Arn"): _arn("firehose", "deliverystream/", "DeliveryStreamName"),
}  # fmt: skip
