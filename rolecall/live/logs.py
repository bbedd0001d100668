"""Amazon CloudWatch Logs: the log groups that there are.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html (50 a page)
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.live.parts import Named, Part
from rolecall.live.place import Place

LOG_GROUPS = "log_groups"


def log_groups(place: Place) -> Iterator[Named]:
    """The log groups of a region, by name."""
    for page in place.pages("logs", "describe_log_groups", page_size=50):
        for group in page.get("logGroups") or ():
            yield Named(LOG_GROUPS, place.region, str(group.get("logGroupName")))


PARTS = (Part(LOG_GROUPS, log_groups, ("logs:DescribeLogGroups",)),)
