"""Amazon S3: buckets that notify functions.

A bucket notifies functions of its own region only. One listing in each region: with a parameter, such as the size of a
page, ListBuckets says where each bucket is; then one call for each bucket of the region.
Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html,
https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_PAGE = 1000


def notifications(place: Place) -> Iterator[Any]:
    """The notifications of the region's buckets that go to functions."""
    return place.each(lambda bucket: _of_bucket(place, bucket), _buckets(place))


def _buckets(place: Place) -> Iterator[str]:
    """Names. A bucket of which S3 does not say where it is counts everywhere: its notifications name the region."""
    for page in place.pages("s3", "list_buckets", page_size=_PAGE):
        for bucket in page.get("Buckets") or ():
            if (bucket.get("BucketRegion") or place.region) == place.region:
                yield str(bucket.get("Name", ""))


def _of_bucket(place: Place, name: str) -> Iterator[Invoker]:
    notified = place.call("s3", "get_bucket_notification_configuration", Bucket=name)
    arn = f"arn:{place.partition}:s3:::{name}"
    for notification in notified.get("LambdaFunctionConfigurations") or ():
        yield Invoker(
            kind="s3_notification",
            resource=place.resource("AWS::S3::Bucket", arn, name),
            what=f"The bucket {name}",
            function=str(notification.get("LambdaFunctionArn", "")),
            source_arn=arn,
        )


PARTS = (Part("s3_notification", notifications, ("s3:ListAllMyBuckets", "s3:GetBucketNotification")),)
