"""What is wired to call functions in a CloudFormation template: one row for each resource type.

Source: each type's page in the CloudFormation template reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rolecall.iac.cloudformation_arns import log_group_arn, receipt_rule_arn, regional, secret_arn
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.role_calls import Calls, data_source, delivery_stream, pipe, pipeline, schedule, state_machine
from rolecall.iac.template import Declared
from rolecall.iac.wiring import MEMBER_ACCOUNT, MEMBER_RULE
from rolecall.invocation import ANY_LOG_GROUP
from rolecall.unknown import Text, Unknown, text

Source = Callable[[TemplateValues, Declared], Text]


@dataclass(frozen=True)
class Row:
    """kind: the row of ``rolecall.invocation``. what: the source for a reader, before its name.

    path: the properties down to what holds the wiring; a list on the way stands for each of its items, text for the
    JSON object that it is.
    function, role: the properties there that name the function, or a list of them, and the role to call with; a comma
    stands between several, each for functions of its own. source: gives the ARN of what fires.
    when: a property beside the function's that must have a value. mixed: whether other things than functions can be
    called. optional: whether it need not call anything. account: of the source, where that is not the stack's.
    calls: says what is called with which role, where ``path`` and ``function`` do not. name: the property that names
    the wiring for a reader, where the source does not.
    """

    kind: str
    type: str
    what: str
    path: tuple[str, ...]
    function: str
    source: Source
    when: tuple[str, str] = ("", "")
    role: str = ""
    mixed: bool = False
    optional: bool = False
    account: Unknown | None = None
    calls: Calls | None = None
    name: str = ""


def _property(name: str) -> Source:
    return lambda values, declared: values.get(declared, name) or Unknown(f"{name} is missing")


def _attribute(name: str) -> Source:
    """What ``!GetAtt`` gives; ``!Ref`` where the name is empty."""
    return lambda values, declared: values.attribute_of(declared.logical, name)


def _log_group(values: TemplateValues, declared: Declared) -> Text:
    return log_group_arn(values, _property("LogGroupName")(values, declared))


def _secret(values: TemplateValues, declared: Declared) -> Text:
    named = _property("SecretId")(values, declared)
    is_name = isinstance(named, str) and not named.startswith("arn:")
    return secret_arn(values, declared, named) if is_name else named


def _test_alias(values: TemplateValues, declared: Declared) -> Text:
    """Every bot has this alias, for its draft.

    Source: https://docs.aws.amazon.com/lexv2/latest/dg/how-it-works.html
    """
    return regional(values, "lex", text("bot-alias/", values.of(declared.logical, "Id"), "/TSTALIASID"))


def _schedule_group(values: TemplateValues, declared: Declared) -> Text:
    """What a schedule presents is its group.

    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    return regional(values, "scheduler", text("schedule-group/", values.get(declared, "GroupName") or "default"))


def _api(values: TemplateValues, declared: Declared) -> Text:
    return regional(values, "appsync", text("apis/", _property("ApiId")(values, declared)))


_OF_ALIAS = ("BotAliasLocaleSettings", "BotAliasLocaleSetting", "CodeHookSpecification", "LambdaCodeHook")

ROWS = (
    Row("sns_subscription", "AWS::SNS::Subscription", "The SNS topic", (), "Endpoint", _property("TopicArn"),
        when=("Protocol", "lambda")),
    Row("sns_subscription", "AWS::SNS::Topic", "The SNS topic", ("Subscription",), "Endpoint", _attribute(""),
        when=("Protocol", "lambda")),
    Row("s3_notification", "AWS::S3::Bucket", "The bucket", ("NotificationConfiguration", "LambdaConfigurations"),
        "Function", _attribute("Arn")),
    Row("eventbridge_rule", "AWS::Events::Rule", "The EventBridge rule", ("Targets",), "Arn", _attribute("Arn"),
        role="RoleArn", mixed=True),
    Row("logs_subscription", "AWS::Logs::SubscriptionFilter", "The log group", (), "DestinationArn", _log_group,
        mixed=True),
    Row("logs_subscription", "AWS::Logs::AccountPolicy", "The log groups of", ("PolicyDocument",), "DestinationArn",
        lambda values, declared: log_group_arn(values, ANY_LOG_GROUP), mixed=True),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "Actions", "Lambda"), "FunctionArn",
        _attribute("Arn")),
    Row("iot_rule", "AWS::IoT::TopicRule", "The IoT rule", ("TopicRulePayload", "ErrorAction", "Lambda"),
        "FunctionArn", _attribute("Arn")),
    Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig",),
        "CreateAuthChallenge,CustomMessage,DefineAuthChallenge,PostAuthentication,PostConfirmation,PreAuthentication,"
        "PreSignUp,PreTokenGeneration,UserMigration,VerifyAuthChallengeResponse", _attribute("Arn"), optional=True),
    *(
        Row("cognito_trigger", "AWS::Cognito::UserPool", "The user pool", ("LambdaConfig", name), "LambdaArn",
            _attribute("Arn"))
        for name in ("PreTokenGenerationConfig", "CustomEmailSender", "CustomSMSSender", "InboundFederation")
    ),
    Row("load_balancer", "AWS::ElasticLoadBalancingV2::TargetGroup", "The target group", ("Targets",), "Id",
        _attribute(""), mixed=True),
    Row("secrets_manager_rotation", "AWS::SecretsManager::RotationSchedule", "Secrets Manager, for", (),
        "RotationLambdaARN", _secret, optional=True),  # HostedRotationLambda makes function and permission
    Row("ses_receipt_rule", "AWS::SES::ReceiptRule", "The receipt rule", ("Rule", "Actions", "LambdaAction"),
        "FunctionArn", receipt_rule_arn),
    Row("config_rule", "AWS::Config::ConfigRule", "The Config rule", ("Source",), "SourceIdentifier",
        _attribute("Arn"), when=("Owner", "CUSTOM_LAMBDA")),
    Row("config_rule", "AWS::Config::OrganizationConfigRule", "The organization's Config rule",
        ("OrganizationCustomRuleMetadata",), "LambdaFunctionArn", lambda values, declared: MEMBER_RULE,
        account=MEMBER_ACCOUNT),
    *(
        Row("bedrock_agent", "AWS::Bedrock::Agent", "The agent", path, name, _attribute("AgentArn"), optional=True)
        for path, name in (
            (("ActionGroups", "ActionGroupExecutor"), "Lambda"),
            (("PromptOverrideConfiguration",), "OverrideLambda"),
            (("CustomOrchestration", "Executor"), "Lambda"),
        )
    ),
    *(
        Row("appsync_authorizer", kind, "The AppSync API", (*path, "LambdaAuthorizerConfig"), "AuthorizerUri",
            _attribute(arn))
        for kind, path, arn in (
            ("AWS::AppSync::GraphQLApi", (), "Arn"),
            ("AWS::AppSync::GraphQLApi", ("AdditionalAuthenticationProviders",), "Arn"),
            ("AWS::AppSync::Api", ("EventConfig", "AuthProviders"), "ApiArn"),
        )
    ),
    *(
        Row("cloudwatch_alarm", kind, "The alarm", (), "AlarmActions,OKActions,InsufficientDataActions",
            _attribute("Arn"), mixed=True)
        for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    ),
    Row("vpc_lattice", "AWS::VpcLattice::TargetGroup", "The target group", ("Targets",), "Id", _attribute("Arn"),
        mixed=True),
    Row("transfer_server", "AWS::Transfer::Server", "The Transfer Family server", ("IdentityProviderDetails",),
        "Function", _attribute("Arn"), optional=True),
    Row("connect_instance", "AWS::Connect::IntegrationAssociation", "The Connect instance of", (), "IntegrationArn",
        _property("InstanceId"), when=("IntegrationType", "LAMBDA_FUNCTION")),
    Row("lex_bot", "AWS::Lex::BotAlias", "The bot alias", _OF_ALIAS, "LambdaArn", _attribute("Arn")),
    Row("lex_bot", "AWS::Lex::Bot", "The test alias of", ("TestBotAliasSettings", *_OF_ALIAS), "LambdaArn",
        _test_alias),
    Row("codecommit_trigger", "AWS::CodeCommit::Repository", "The repository", ("Triggers",), "DestinationArn",
        _attribute("Arn"), mixed=True),
    Row("step_functions", "AWS::StepFunctions::StateMachine", "The state machine", (), "", _attribute(""),
        calls=state_machine, name="StateMachineName"),
    Row("eventbridge_scheduler", "AWS::Scheduler::Schedule", "The schedule", (), "", _schedule_group, calls=schedule,
        name="Name"),
    Row("eventbridge_pipe", "AWS::Pipes::Pipe", "The pipe", (), "", _attribute("Arn"), calls=pipe, name="Name"),
    Row("appsync_data_source", "AWS::AppSync::DataSource", "The AppSync data source", (), "", _api, calls=data_source,
        name="Name"),
    Row("firehose_processor", "AWS::KinesisFirehose::DeliveryStream", "The delivery stream", (), "",
        _attribute("Arn"), calls=delivery_stream, name="DeliveryStreamName"),
    Row("codepipeline_action", "AWS::CodePipeline::Pipeline", "The pipeline", (), "", _attribute("Arn"),
        calls=pipeline, name="Name"),
)  # fmt: skip
