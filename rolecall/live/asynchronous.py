"""Which functions got events asynchronously of late, from whomever.

Lambda counts them in AsyncEventsReceived, for the function and for each alias and version that they were for, and
CloudWatch lists no metric of which it had no data for two weeks. Sources:
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#async-invocation-metrics,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html (dimensions),
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html (500 a page),
https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html (there is no such metric in China)
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.live import metrics
from rolecall.live.parts import Named, Part
from rolecall.live.place import Place
from rolecall.unknown import Unknown

ASYNC_EVENTS = "async_events"


def functions_with_events(place: Place) -> Iterator[Named | Unknown]:
    """The functions, each with the aliases and versions that events were for; ``""``: the function itself."""
    if place.partition == "aws-cn":
        yield Unknown("Lambda does not count asynchronous events in China")
        return
    found: dict[str, dict[str, None]] = {}
    for dimensions in metrics.listed(place, "AWS/Lambda", "AsyncEventsReceived", ("FunctionName",)):
        qualifiers = found.setdefault(dimensions.get("FunctionName", ""), {})
        if "Resource" in dimensions:
            qualifiers[dimensions["Resource"].partition(":")[2]] = None
    for name, qualifiers in found.items():
        for qualifier in qualifiers or (_UNTOLD,):
            yield Named(ASYNC_EVENTS, place.region, name, qualifier)


_UNTOLD = Unknown("CloudWatch does not tell the alias or version")


PARTS = (Part(ASYNC_EVENTS, functions_with_events, ("cloudwatch:ListMetrics",)),)
