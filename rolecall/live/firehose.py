"""Amazon Data Firehose: delivery streams whose records a function transforms.

Sources: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html,
https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html (5 calls a second)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.role_calls import delivery_stream
from rolecall.live.calls import Unread
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

_ACTIONS = ("firehose:ListDeliveryStreams", "firehose:DescribeDeliveryStream")
_MOST = 10_000  # names on a page; AWS's default is 10


def delivery_streams(place: Place) -> Iterator[Any]:
    """The processors of all delivery streams: one call for each stream."""
    return place.each(lambda name: _processors(place, name), _names(place))


def _names(place: Place) -> Iterator[str | Unread]:
    """All names: a page begins after the last name of the one before; one that leads no further is the end."""
    last, more = "", True
    while more:
        after = {"ExclusiveStartDeliveryStreamName": last} if last else {}
        page = place.call("firehose", "list_delivery_streams", Limit=_MOST, **after)
        names = page.get("DeliveryStreamNames") or ()
        yield from names
        more = bool(page.get("HasMoreDeliveryStreams"))
        if more and (not names or names[-1] == last):
            yield Unread("firehose:ListDeliveryStreams did not name all delivery streams")
            return
        last = names[-1] if names else last


def _processors(place: Place, name: str) -> Iterator[Invoker]:
    told = place.call("firehose", "describe_delivery_stream", DeliveryStreamName=name)
    stream = told.get("DeliveryStreamDescription") or {}
    arn = stream.get("DeliveryStreamARN") or place.arn("firehose", f"deliverystream/{name}")
    resource = place.resource("AWS::KinesisFirehose::DeliveryStream", arn, name)
    for destination in stream.get("Destinations") or ():  # AWS has but one in a stream
        for call in delivery_stream(properties(place, _configured(destination))):
            yield call.invoker("firehose_processor", f"The delivery stream {name}", resource, arn)


def _configured(destination: dict[str, Any]) -> dict[str, Any]:
    """A destination by the names that it is configured with: ``ExtendedS3DestinationDescription`` is one's answer."""
    return {
        name.replace("Description", "Configuration"): {
            **described, "S3Configuration": described.get("S3DestinationDescription")
        }
        for name, described in destination.items()
        if isinstance(described, dict)
    }  # fmt: skip


PARTS = (Part("firehose_processor", delivery_streams, _ACTIONS),)
