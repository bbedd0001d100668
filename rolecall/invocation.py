"""How AWS services call functions, as themselves or with a role: one row for each kind of wiring.

Sources: the pages that ``mappings/rules`` names for the rule of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rolecall.iam import MayBeAbsent, Request, parse_policy
from rolecall.iam.document import Policy
from rolecall.iam.match import match
from rolecall.model import Function, Inventory, Invoker, Permission
from rolecall.unknown import Following, Text, Unknown, named, parts_of, text


@dataclass(frozen=True)
class Action:
    """What a call needs to be allowed. context: the condition keys that come with it.

    certain: whether AWS documents for this wiring that the call needs it.
    """

    name: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)
    certain: bool = True


INVOKE = Action("lambda:InvokeFunction")


def _through_url(auth_type: str, *, certain: bool) -> tuple[Action, ...]:
    """What a call of a function URL needs. certain: whether it certainly needs the second as well.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    return (
        Action("lambda:InvokeFunctionUrl", {"lambda:FunctionUrlAuthType": auth_type}),
        Action("lambda:InvokeFunction", {"lambda:InvokedViaFunctionUrl": "true"}, certain),
    )


@dataclass(frozen=True)
class Service:
    """principal: as which the service calls, or assumes the role that it calls with.

    sends_account: whether it is documented to send ``aws:SourceAccount`` when it calls as itself.
    loses: what happens while it may not call, for a message. regional: whether statements, and the trust policies of
    roles, may name the service's principal of the region as well (``logs.eu-west-1.amazonaws.com``).
    actions: all that it needs.
    sends_source: whether it is documented to send ``aws:SourceAccount`` and ``aws:SourceArn`` when it assumes a role.
    unseen: which wirings of an account are not read, for a message.
    sends_external_id: whether it sends its account's ID as ``sts:ExternalId`` then, as AWS's own trust policies for
    Firehose have it (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html).
    """

    principal: str
    sends_account: bool
    loses: str
    regional: bool = False
    actions: tuple[Action, ...] = (INVOKE,)
    sends_source: bool = False
    sends_external_id: bool = False
    unseen: str = ""


SERVICES: Mapping[str, Service] = {
    "s3_notification": Service("s3.amazonaws.com", True, "events of the bucket are lost"),
    "sns_subscription": Service("sns.amazonaws.com", False, "messages to the topic do not reach the function"),
    "eventbridge_rule": Service("events.amazonaws.com", False, "events that match the rule do not reach the function"),
    "logs_subscription": Service(
        "logs.amazonaws.com", True, "log events that match the filter do not reach the function", regional=True,
        unseen="filters of log groups for which CloudWatch counted no log event, forwarded or refused, in two weeks",
    ),
    "cognito_trigger": Service(
        "cognito-idp.amazonaws.com", False, "users who sign up or in get an error where the trigger fires"
    ),
    "iot_rule": Service("iot.amazonaws.com", True, "messages that match the rule do not reach the function"),
    "load_balancer": Service(
        "elasticloadbalancing.amazonaws.com", False, "the load balancer answers with 502 instead of calling it"
    ),
    "api_gateway": Service("apigateway.amazonaws.com", False, "the API answers with 500 instead of calling it"),
    "api_gateway_authorizer": Service(
        "apigateway.amazonaws.com", False, "the API answers with 500 to every request that it should authorize"
    ),
    "function_url": Service("*", False, "the URL answers with 403", actions=_through_url("NONE", certain=True)),
    "cloudfront_origin": Service(
        "cloudfront.amazonaws.com", True, "the distribution answers with 403",
        actions=_through_url("AWS_IAM", certain=False),
    ),
    "secrets_manager_rotation": Service("secretsmanager.amazonaws.com", True, "the secret is not rotated"),
    "ses_receipt_rule": Service("ses.amazonaws.com", True, "mail that the rule matches does not reach the function"),
    "config_rule": Service("config.amazonaws.com", True, "the rule evaluates nothing"),
    "bedrock_agent": Service("bedrock.amazonaws.com", True, "the agent fails where it needs the function"),
    "appsync_authorizer": Service("appsync.amazonaws.com", False, "the API refuses every request that it authorizes"),
    "cloudwatch_alarm": Service(
        "lambda.alarms.cloudwatch.amazonaws.com", True, "the alarm changes state and nothing happens"
    ),
    "vpc_lattice": Service("vpc-lattice.amazonaws.com", False, "requests to the target group fail"),
    "transfer_server": Service("transfer.amazonaws.com", True, "nobody can log in to the server"),
    "connect_instance": Service("connect.amazonaws.com", True, "contact flows that call the function fail"),
    "lex_bot": Service("lexv2.amazonaws.com", False, "the bot fails where it needs the function"),
    "codecommit_trigger": Service("codecommit.amazonaws.com", True, "pushes do not reach the function"),
    "step_functions": Service(
        "states.amazonaws.com", False, "executions fail in the states that call it", regional=True, sends_source=True
    ),
    "eventbridge_scheduler": Service(
        "scheduler.amazonaws.com", False, "the schedule retries and then drops its events", sends_source=True
    ),
    "eventbridge_pipe": Service(
        "pipes.amazonaws.com", False, "the pipe delivers nothing and its source backs up", sends_source=True
    ),
    "appsync_data_source": Service("appsync.amazonaws.com", False, "the fields that the source resolves are errors"),
    "firehose_processor": Service(
        "firehose.amazonaws.com", False, "records are delivered to the error prefix, unprocessed",
        sends_external_id=True,
    ),
    "codepipeline_action": Service("codepipeline.amazonaws.com", False, "the pipeline stops at the action"),
}  # fmt: skip

# What stands for the name in the source ARN of a subscription filter of a whole account.
ANY_LOG_GROUP = Unknown("the policy is for every log group of the account")

# Kinds that hand Lambda an event and do not wait for the function: what it fails on three times is gone.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
ASYNCHRONOUS = ("s3_notification", "sns_subscription", "eventbridge_rule", "logs_subscription", "iot_rule")

# Kinds that call with a role, or may.
WITH_ROLE = (
    "api_gateway", "api_gateway_authorizer", "eventbridge_rule", "step_functions", "eventbridge_scheduler",
    "eventbridge_pipe", "appsync_data_source", "firehose_processor", "codepipeline_action",
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call that a wiring makes. name: for a reader, where the wiring makes several of them.

    asked: one request for each principal that the service goes by: one that is allowed suffices.
    """

    action: Action
    name: str
    asked: tuple[Request, ...]


def invocations(invoker: Invoker, function: Function, qualifier: Text) -> tuple[Call, ...]:
    """The calls that the service makes: of the function, or of the very alias or version that the wiring names."""
    service = SERVICES[invoker.kind]
    principals = _principals(service, invoker.resource.region, function.partition)
    return tuple(
        Call(action, call, tuple(request(name, action, source, invoker, function, qualifier) for name in principals))
        for action in service.actions
        for call, source in invoker.calls or (("", invoker.source_arn),)
    )


def _principals(service: Service, region: Text, partition: Text) -> tuple[Text, ...]:
    """As what a service calls; Logs in China has names in .cn: https://github.com/serverless/serverless/issues/12087"""
    names = (service.principal, of_region(service.principal, region)) if service.regional else (service.principal,)
    in_china = service.regional and partition == "aws-cn"
    return (*names, *(text(name, ".cn") for name in names)) if in_china else names


def request(
    principal: Text, action: Action, source: Text, invoker: Invoker, function: Function, qualifier: Text
) -> Request:
    """The request of one principal. source: what it presents as ``aws:SourceArn``; empty: nothing."""
    service = SERVICES[invoker.kind]
    if source == "":
        context: dict[str, Any] = dict(action.context)
        return Request(principal, action.name, qualified(function, qualifier), function.resource.account, context)
    untold = MayBeAbsent(f"whether {service.principal} sends aws:SourceAccount is not documented")
    return Request(
        principal=principal,
        action=action.name,
        resource=qualified(function, qualifier),
        resource_account=function.resource.account,
        context={
            **action.context,
            "aws:SourceArn": source,
            "aws:SourceAccount": invoker.resource.account if service.sends_account else untold,
            "aws:SourceOrgID": MayBeAbsent("the organization of the source is not known"),
        },
    )


def of_region(principal: str, region: Text) -> Text:
    """The principal of a service in one region: ``states.eu-west-1.amazonaws.com``."""
    name, _, domain = principal.partition(".")
    return text(name, ".", region, ".", domain)


def invoker_name(invoker: Invoker) -> str:
    """A name for what a remediation adds: that of what calls; of an account's as a statement may have it."""
    if invoker.resource.framework == "live":
        return re.sub(r"\W+", "_", f"{invoker.kind}_{invoker.resource.label}", flags=re.ASCII)[:100]
    return re.sub(r"\W+", "_", invoker.resource.address.rsplit(".", 1)[-1])


def qualified(function: Function, qualifier: Text) -> Text:
    """The ARN of the function, or of its alias or version."""
    return function.resource.arn if qualifier == "" else text(function.resource.arn, ":", qualifier)


def label_of(function: Function, qualifier: Text) -> str:
    """The function, or its alias or version, for a reader."""
    if isinstance(qualifier, Following):
        return f"{function.label}, or an alias of it"
    return f"{function.label}{f':{named(qualifier) or qualifier}' if qualifier else ''}"


def policy_on(inventory: Inventory, function: Function, qualifier: Text) -> Mapping[str, Any] | Unknown:
    """The resource policy of a function's qualifier, which covers that qualifier and nothing else.

    Statements of which it is not known whether they are on it have an unknown effect.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html
    """
    policy = inventory.policy_of(function)
    if isinstance(policy, Unknown):
        return policy
    return {"Version": "2012-10-17", "Statement": list(_statements(inventory, function, qualifier, policy))}


def parsed_policy_on(inventory: Inventory, function: Function, qualifier: Text) -> Policy:
    """The same, parsed. Raises ``PolicyError``."""
    name, policy = f"policy of {label_of(function, qualifier)}", inventory.policy_of(function)
    if isinstance(policy, tuple) and function.resource.framework == "live":  # its statements are parsed for all rules
        return Policy(name, tuple(one.parsed for one in policy if one.qualifier == qualifier))
    return parse_policy(policy_on(inventory, function, qualifier), name)


def _statements(
    inventory: Inventory, function: Function, qualifier: Text, policy: tuple[Permission, ...]
) -> Iterator[Any]:
    for permission in policy:
        same = match(parts_of(permission.qualifier), qualifier, wildcards=False)
        if same:
            yield _labelled(permission)
        elif same is None:
            yield _perhaps(permission, f"whether {permission.resource.address} is for this qualifier is not known")
    for permission in inventory.unattributed(function.resource.scope):
        yield _perhaps(permission, f"which function {permission.resource.address} is for is not known")


def _labelled(permission: Permission, **elements: Unknown) -> Any:
    """The statement under the name that a reader knows it by: in code, the resource that makes it."""
    if isinstance(permission.statement, Unknown):
        return permission.statement
    live, name = permission.resource.framework == "live", permission.resource.made_for or permission.resource.address
    return {**permission.statement, **({} if live else {"Sid": name}), **elements}


def _perhaps(permission: Permission, reason: str) -> Any:
    return _labelled(permission, Effect=Unknown(reason), Resource=Unknown(reason))
