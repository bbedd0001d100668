"""Functions at the edge: ``cloudFront``.

Source: https://www.serverless.com/framework/docs/providers/aws/events/cloudfront
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.serverless.service import Function, table
from rolecall.iac.serverless.stack import Compile, Stack, arn

_DISTRIBUTION = "CloudFrontDistribution"


def _edge(stack: Stack, function: Function) -> None:
    for event in function.events("cloudFront"):
        properties = stack.resources[function.logical]["Properties"]
        for setting in ("VpcConfig", "Environment"):
            properties.pop(setting, None)
        properties["MemorySize"] = function.settings.get("memorySize") or 128
        properties["Timeout"] = function.settings.get("timeout") or 5
        version = {"Ref": f"{function.normal}LambdaVersion"}
        association = {"EventType": table(event).get("eventType"), "LambdaFunctionARN": version}
        distribution = stack.resources.get(_DISTRIBUTION) or stack.add(
            _DISTRIBUTION, "AWS::CloudFront::Distribution", {"DistributionConfig": {"Enabled": True}}
        )
        _associate(distribution["Properties"]["DistributionConfig"], table(event).get("pathPattern"), association)
        source = arn(":cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/", {"Ref": _DISTRIBUTION})
        stack.permit(
            f"{function.logical}InvokePermission", function, "edgelambda.amazonaws.com", source, FunctionName=version
        )
        stack.trust(function, "edgelambda.amazonaws.com")
        stack.grant(
            function,
            "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource",
            on=[{"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}],
        )  # fmt: skip


def _associate(configuration: dict[str, Any], path: Any, association: Any) -> None:
    """Adds the function to the behaviour of its path."""
    behaviors = configuration.setdefault("CacheBehaviors", [])
    behavior = next((known for known in behaviors if known.get("PathPattern") == path), None)
    if not path:
        behavior = configuration.setdefault("DefaultCacheBehavior", {})
    elif behavior is None:
        behavior = {"PathPattern": path}
        behaviors.append(behavior)
    behavior.setdefault("LambdaFunctionAssociations", []).append(association)


EVENTS: Mapping[str, Compile] = {
    "cloudFront": _edge,
}
