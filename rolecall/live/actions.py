"""The IAM actions that a call needs: mostly the service's prefix and the operation, and where it is not.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# boto3's name of a service -> the prefix of its actions
_PREFIXES: Mapping[str, str] = {
    "apigatewayv2": "apigateway",
    "bedrock-agent": "bedrock",
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "lexv2-models": "lex",
    "resourcegroupstaggingapi": "tag",
    "stepfunctions": "states",
}
# prefix and operation -> the action, where they differ
_ACTIONS: Mapping[str, str] = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
}
# What else somebody must be allowed to do who calls these.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnect.html (dependent actions),
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
_DEPENDENT: Mapping[str, tuple[str, ...]] = {
    "connect:DescribeInstance": ("ds:DescribeDirectories",),
    "connect:ListInstances": ("ds:DescribeDirectories",),
    "logs:DescribeAccountPolicies": ("logs:DescribeSubscriptionFilters",),
}


def action_of(service: str, operation: str) -> str:
    """service, operation: as boto3 spells them, ``lambda`` and ``list_functions``. Returns ``lambda:ListFunctions``."""
    prefix = _PREFIXES.get(service, service)
    if prefix == "apigateway":  # its actions are the methods of HTTP
        return "apigateway:GET"
    action = f"{prefix}:{''.join(word[:1].upper() + word[1:] for word in operation.split('_'))}"
    return _ACTIONS.get(action, action)


def with_dependent(actions: Iterable[str]) -> set[str]:
    """The actions, and those that AWS asks for when they are called."""
    given = set(actions)
    return given.union(*(_DEPENDENT.get(action, ()) for action in given))
