"""AWS CloudTrail: which trails record the calls that change something, where the events of IAM arrive.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html (not paged; trails of
other regions and of the organization are listed as shadows),
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.live.calls import CallFailed, Unread
from rolecall.live.iam import home
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Trail
from rolecall.trail import records_writes
from rolecall.unknown import Tri, all3


def trails(place: Place) -> Iterator[Trail | Unread]:
    """The trails that are seen in the region where the events of IAM arrive."""
    there = place.in_region(home(place.partition))
    listed = there.call("cloudtrail", "describe_trails", includeShadowTrails=True).get("trailList", ())
    yield from place.each(lambda trail: _trail(there, trail), listed)


def _trail(place: Place, listed: Mapping[str, Any]) -> Iterator[Trail | Unread]:
    arn = listed.get("TrailARN", "")
    try:
        logging: Tri = bool(place.call("cloudtrail", "get_trail_status", Name=arn).get("IsLogging"))
        selectors = place.call("cloudtrail", "get_event_selectors", TrailName=arn)
    except CallFailed as failure:
        yield _made(place, listed, None)
        yield failure.unread
        return
    writes = records_writes(
        [(basic.get("IncludeManagementEvents", True), basic.get("ReadWriteType", "All"))
         for basic in selectors.get("EventSelectors") or ()],
        [_fields(advanced) for advanced in selectors.get("AdvancedEventSelectors") or ()],
    )  # fmt: skip
    yield _made(place, listed, all3((logging, writes)))


def _fields(advanced: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (field.get("Field", ""), {test: values for test, values in field.items() if test != "Field" and values})
        for field in advanced.get("FieldSelectors") or ()
    ]


def _made(place: Place, listed: Mapping[str, Any], writes: Tri) -> Trail:
    resource = place.resource("AWS::CloudTrail::Trail", listed.get("TrailARN", ""), listed.get("Name", ""))
    here = listed.get("HomeRegion") == place.region
    return Trail(resource, everywhere=bool(listed.get("IsMultiRegionTrail")) or here, writes=writes)


PARTS = (
    Part(
        "trails",
        trails,
        ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
        regional=False,
    ),
)
