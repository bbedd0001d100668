"""Elastic Load Balancing: target groups that hold a function.

One listing, then one call for each group of type lambda that a load balancer uses. Function and group are of one
account and region.
Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_PAGE = 400


def target_groups(place: Place) -> Iterator[Any]:
    """The functions in the region's target groups. Nothing calls the target of a group without a load balancer."""
    return place.each(lambda group: _functions_in(place, *group), _used(place))


def _used(place: Place) -> Iterator[tuple[str, str]]:
    """ARN and name."""
    for page in place.pages("elbv2", "describe_target_groups", page_size=_PAGE):
        for group in page.get("TargetGroups") or ():
            if group.get("TargetType") == "lambda" and group.get("LoadBalancerArns") != []:
                yield str(group.get("TargetGroupArn", "")), str(group.get("TargetGroupName", ""))


def _functions_in(place: Place, arn: str, name: str) -> Iterator[Invoker]:
    registered = place.call("elbv2", "describe_target_health", TargetGroupArn=arn)
    for described in registered.get("TargetHealthDescriptions") or ():
        yield Invoker(
            kind="load_balancer",
            resource=place.resource("AWS::ElasticLoadBalancingV2::TargetGroup", arn, name),
            what=f"The target group {name}",
            function=str((described.get("Target") or {}).get("Id", "")),
            source_arn=arn,
        )


PARTS = (
    Part(
        "load_balancer",
        target_groups,
        ("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"),
    ),
)
