"""What a scan calls, how often, and the IAM policy that lets it: from the needs of the selected rules."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rolecall.live import details, policy_sources
from rolecall.live.actions import with_dependent
from rolecall.live.needs import EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, POLICY_SOURCES, ROLES, needs_of
from rolecall.live.services import LATE_PARTS, parts_named

_BY_NEED: Mapping[str, tuple[str, ...]] = {
    ROLES: ("iam:GetAccountAuthorizationDetails", "iam:GetRole", "lambda:GetFunctionConfiguration"),
    EVENT_SOURCE_MAPPINGS: ("lambda:ListEventSourceMappings",),
    FUNCTION_POLICIES: ("lambda:GetPolicy",),
    **details.ACTIONS,
}
# How often an action is called that is no listing; of listings, where that is not a page for each hundred or so.
_OFTEN: Mapping[str, str] = {
    "apigateway:GET": "pages, and up to five for each API",
    "appsync:ListDataSources": "pages of each GraphQL API",
    "bedrock:GetAgent": "one for each agent",
    "bedrock:GetAgentActionGroup": "one for each action group that is enabled",
    "bedrock:GetAgentVersion": "one for each version that an alias runs",
    "bedrock:ListAgentActionGroups": "one for each version of an agent that is read",
    "bedrock:ListAgentAliases": "one for each agent that has a version",
    "cloudfront:ListOriginAccessControls": "one where a distribution calls a function URL",
    "cloudtrail:DescribeTrails": "one",
    "cloudtrail:GetEventSelectors": "one for each trail",
    "cloudtrail:GetTrailStatus": "one for each trail",
    "codecommit:GetRepositoryTriggers": "one for each repository",
    "codepipeline:GetPipeline": "one for each pipeline",
    "cognito-idp:DescribeUserPool": "one for each user pool that the listing says too little of",
    "connect:ListLambdaFunctions": "pages of each instance",
    "ds:DescribeDirectories": "none: AWS asks whether it is allowed, where instances of Connect are read",
    "dynamodb:GetResourcePolicy": "one for each stream that a function reads",
    "elasticfilesystem:DescribeFileSystemPolicy": "one for each file system that a function mounts",
    "elasticloadbalancing:DescribeTargetHealth": "one for each target group of functions that a load balancer has",
    "events:DescribeEventBus": "one for each event bus that a function sends to",
    "events:ListRules": "one for 100 rules on each event bus",
    "events:ListTargetsByRule": "one for each rule",
    "firehose:DescribeDeliveryStream": "one for each delivery stream",
    "iam:GetAccountAuthorizationDetails": "one for 1000 roles, and policies where they are needed",
    "iam:GetRole": "one for each role that the listing does not have",
    "iot:GetTopicRule": "one for each topic rule that is enabled",
    "kafka:GetClusterPolicy": "one for each cluster that a function reads",
    "kinesis:DescribeStreamSummary": "one for each stream that a function reads",
    "kinesis:GetResourcePolicy": "one for each stream or consumer that a function reads",
    "kms:DescribeKey": "one for each key that is named by an alias",
    "kms:GetKeyPolicy": "one for each customer key of what functions read and send to",
    "lambda:GetFunctionConfiguration": "one for each function that lacks its role or its policy, or runs at the edge",
    "lambda:GetPolicy": "one for each function, and for each alias or version that something calls",
    "lambda:ListEventSourceMappings": "one for 100 mappings",
    "lambda:ListFunctionEventInvokeConfigs": "one for each function that something invokes asynchronously",
    "lambda:ListFunctionUrlConfigs": "one for each function of which something says that it has a URL; until the URLs "
    "that distributions sign for are found, for the others too",
    "lambda:ListFunctions": "one for 50 functions",
    "lex:DescribeBotAlias": "one for each alias of a bot",
    "lex:ListBotAliases": "one for each bot",
    "logs:DescribeSubscriptionFilters": "one for each log group that forwarded events in the last two weeks",
    "organizations:DescribeOrganization": "one",
    "organizations:DescribePolicy": "one for each service control policy of the account",
    "organizations:ListParents": "one for each level of the organization",
    "organizations:ListPoliciesForTarget": "one for each level of the organization",
    "pipes:DescribePipe": "one for each pipe that calls a function",
    "s3:GetBucketNotification": "one for each bucket",
    "s3:GetBucketPolicy": "one for each bucket that a function sends to",
    "s3:GetEncryptionConfiguration": "one for each bucket that a function sends to",
    "scheduler:GetSchedule": "one for each schedule that calls a function",
    "secretsmanager:DescribeSecret": "one for each secret that Lambda signs in with",
    "secretsmanager:GetResourcePolicy": "one for each secret that Lambda signs in with",
    "ses:DescribeActiveReceiptRuleSet": "one",
    "sns:GetTopicAttributes": "one for each topic that a function sends to",
    "sqs:GetQueueAttributes": "one for each queue that a function reads or sends to",
    "states:DescribeStateMachine": "one for each state machine",
    "transfer:DescribeServer": "one for each server whose users a function knows",
    "vpc-lattice:ListTargets": "one for each target group of functions",
}
_LISTING = "pages"
# with policies from AWS Config
_OFTEN_WITH_CONFIG: Mapping[str, str] = {
    "config:BatchGetResourceConfig": "one for 100 functions",
    "config:DescribeConfigurationRecorderStatus": "one",
    "config:DescribeConfigurationRecorders": "one",
    "lambda:GetPolicy": "one for each function that AWS Config has no policy of or that fails a rule on policies, and "
    "for each alias or version that something calls",
}
_LOOKED_UP = "one for each that only the policy of a function names"
# Where an action on everything would tell secrets: GET is all of API Gateway, the values of API keys among it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
_ONLY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "apigateway:GET": (
        "RolecallApis",
        tuple(f"arn:*:apigateway:*::/{apis}{of}" for apis in ("apis", "restapis") for of in ("", "/*")),
    ),
}


def calls_of(rules: Collection[str], policies_from_config: bool = False, tags: bool = False) -> dict[str, str]:
    """The IAM actions that a scan with these rules takes, each with how often it is called in a region.

    tags: whether the findings are to have the tags of functions.
    """
    needs = needs_of(rules)
    actions = {"lambda:ListFunctions"}
    actions.update(action for need, taken in _BY_NEED.items() if need in needs for action in taken)
    actions.update(action for part in parts_named(needs) for action in part.actions)
    if FUNCTION_POLICIES in needs and parts_named(needs):  # is a function that should have a policy still there?
        actions.add("lambda:GetFunctionConfiguration")
    actions.update(action for name, part in LATE_PARTS.items() if name in needs for action in part.actions)
    often = {action: _OFTEN.get(action, _LISTING) for action in actions}
    if policies_from_config and FUNCTION_POLICIES in needs:
        often.update(_OFTEN_WITH_CONFIG)
    for action, for_each in policy_sources.ACTIONS.items() if POLICY_SOURCES in needs else ():
        if not for_each:
            often.setdefault(action, _LISTING)
        elif action in often:
            often[action] += f"; {_LOOKED_UP}"
        else:
            often[action] = _LOOKED_UP
    if tags:
        often["tag:GetResources"] = "one for 100 functions that have tags"
    often.update({action: _OFTEN[action] for action in with_dependent(often) - often.keys()})
    return dict(sorted(often.items()))


def policy_of(rules: Collection[str], policies_from_config: bool = False, tags: bool = False) -> dict[str, Any]:
    """The least that a scan with these rules needs, as an IAM policy."""
    actions = list(calls_of(rules, policies_from_config, tags))
    everywhere = [action for action in actions if action not in _ONLY]
    statements = [{"Sid": "Rolecall", "Effect": "Allow", "Action": everywhere, "Resource": "*"}]
    statements += [
        {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": list(resources)}
        for action, (sid, resources) in _ONLY.items()
        if action in actions
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def lines_of(rules: Collection[str], policies_from_config: bool = False, tags: bool = False) -> Iterator[str]:
    """The plan for a reader."""
    calls = calls_of(rules, policies_from_config, tags)
    widest = max(map(len, calls))
    yield f"{'call':<{widest}}  how often in each region"
    yield from (f"{action:<{widest}}  {often}" for action, often in calls.items())
    yield ""
    yield "The policy that it needs (and ec2:DescribeRegions for --region all):"
    yield json.dumps(policy_of(rules, policies_from_config, tags), indent=2)
