"""What ``!Ref`` and ``!GetAtt`` of a resource give, as far as a template decides it: one row each.

Source: the "Return values" of each type's page in the CloudFormation template reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rolecall.iac.intrinsics import pseudo
from rolecall.iac.template import Declared
from rolecall.iac.wiring import bus_name
from rolecall.unknown import Text, text

if TYPE_CHECKING:
    from rolecall.iac.cloudformation_values import TemplateValues

# Types of which ``!Ref`` gives an ID that AWS makes.
WITH_ID = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Authorizer", "AWS::CloudFront::Distribution",
})  # fmt: skip

Compose = Callable[["TemplateValues", Declared], Text]


def name_of(values: TemplateValues, declared: Declared, name: str) -> Text:
    """The name that a resource gives itself; where it gives none, CloudFormation makes one, which ``!Ref`` gives."""
    return values.get(declared, name) or values.of(declared.logical, "")


def regional(service: str, resource: Text) -> Text:
    """``arn:P:service:R:A:resource`` in the stack's own place."""
    place = (pseudo("AWS::Partition"), f":{service}:", pseudo("AWS::Region"), ":", pseudo("AWS::AccountId"))
    return text("arn:", *place, ":", resource)


def role_arn(values: TemplateValues, declared: Declared, path: Text | None = None) -> Text:
    """``arn:P:iam::A:role/path/name`` of an ``AWS::IAM::Role``. path: instead of the role's own."""
    path = path or values.get(declared, "Path") or "/"
    place = (pseudo("AWS::Partition"), ":iam::", pseudo("AWS::AccountId"))
    return text("arn:", *place, ":role", path, name_of(values, declared, "RoleName"))


def function_arn(values: TemplateValues, declared: Declared) -> Text:
    return regional("lambda", text("function:", name_of(values, declared, "FunctionName")))


def qualified_arn(values: TemplateValues, declared: Declared, qualifier: Text | None) -> Text:
    """The ARN that ``!Ref`` of an alias or a version gives. Its FunctionName is a name, an ARN or a reference."""
    given = values.get(declared, "FunctionName")
    if given is None:
        return values.of(declared.logical, "")
    is_arn = str(given).startswith("arn:")
    return text(
        given if is_arn else regional("lambda", text("function:", given)), ":", qualifier or _version(values, declared)
    )


def log_group_arn(name: Text) -> Text:
    return regional("logs", text("log-group:", name, ":*"))


def _version(values: TemplateValues, declared: Declared) -> Text:
    return values.of(declared.logical, "Version" if declared.type == "AWS::Lambda::Version" else "Name")


def _topic_arn(values: TemplateValues, declared: Declared) -> Text:
    return regional("sns", name_of(values, declared, "TopicName"))


def _bucket_arn(values: TemplateValues, declared: Declared) -> Text:
    return text("arn:", pseudo("AWS::Partition"), ":s3:::", name_of(values, declared, "BucketName"))


def _rule_arn(values: TemplateValues, declared: Declared) -> Text:
    """``rule/NAME`` on the default bus, ``rule/BUS/NAME`` on another.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    bus, name = values.get(declared, "EventBusName"), name_of(values, declared, "Name")
    if bus is None or bus == "default":
        return regional("events", text("rule/", name))
    return regional("events", text("rule/", bus_name(bus), "/", name))


def _name(name: str) -> Compose:
    return lambda values, declared: name_of(values, declared, name)


def _arn(service: str, kind: str, name: str) -> Compose:
    """The ARN of a resource that is named by a property, or where ``!Ref`` gives its ID (name empty)."""
    return lambda values, declared: regional(
        service, text(kind, name_of(values, declared, name) if name else values.of(declared.logical, ""))
    )


def _ref(values: TemplateValues, declared: Declared) -> Text:
    """What ``!Ref`` gives, by another name."""
    return values.of(declared.logical, "")


COMPOSED: Mapping[tuple[str, str], Compose] = {
    ("AWS::Lambda::Function", "Arn"): function_arn,
    ("AWS::Lambda::Function", ""): _name("FunctionName"),
    ("AWS::IAM::Role", "Arn"): role_arn,
    ("AWS::IAM::Role", ""): _name("RoleName"),
    ("AWS::Lambda::Alias", ""): lambda values, declared: qualified_arn(values, declared, values.get(declared, "Name")),
    ("AWS::Lambda::Version", ""): lambda values, declared: qualified_arn(values, declared, None),
    ("AWS::SNS::Topic", ""): _topic_arn,
    ("AWS::SNS::Topic", "TopicArn"): _topic_arn,
    ("AWS::S3::Bucket", ""): _name("BucketName"),
    ("AWS::S3::Bucket", "Arn"): _bucket_arn,
    ("AWS::Events::Rule", "Arn"): _rule_arn,
    ("AWS::Events::EventBus", ""): _name("Name"),
    ("AWS::Events::EventBus", "Name"): _name("Name"),
    ("AWS::Events::EventBus", "Arn"): _arn("events", "event-bus/", "Name"),
    ("AWS::Logs::LogGroup", ""): _name("LogGroupName"),
    ("AWS::Logs::LogGroup", "Arn"): lambda values, declared: log_group_arn(name_of(values, declared, "LogGroupName")),
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
}  # fmt: skip
