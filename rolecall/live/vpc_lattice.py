"""Amazon VPC Lattice: target groups that hold a function.

Sources: https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ListTargetGroups.html (100 a page),
https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ListTargets.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_ACTIONS = ("vpc-lattice:ListTargetGroups", "vpc-lattice:ListTargets")
_PAGE = 100


def target_groups(place: Place) -> Iterator[Any]:
    """The functions in target groups for functions: one call for each such group."""
    pages = place.pages("vpc-lattice", "list_target_groups", page_size=_PAGE, targetGroupType="LAMBDA")
    groups = (group for page in pages for group in page.get("items") or ())
    return place.each(lambda group: _targets(place, group), groups)


def _targets(place: Place, group: dict[str, Any]) -> Iterator[Invoker]:
    arn, name = group["arn"], group.get("name") or group["arn"]
    for page in place.pages("vpc-lattice", "list_targets", page_size=_PAGE, targetGroupIdentifier=arn):
        for target in page.get("items") or ():
            yield Invoker(
                kind="vpc_lattice",
                resource=place.resource("AWS::VpcLattice::TargetGroup", arn, name),
                what=f"The target group {name}",
                function=target.get("id") or "",
                source_arn=arn,
            )


PARTS = (Part("vpc_lattice", target_groups, _ACTIONS),)
