"""Which metrics CloudWatch has: it lists none of which it had no data for two weeks.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html (500 a page)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.live.place import Place


def listed(
    place: Place, namespace: str, metric: str = "", dimensions: tuple[str, ...] = ()
) -> Iterator[dict[str, str]]:
    """The dimensions of each metric, by name. metric: its name; empty: any. dimensions: names that it has."""
    asked: dict[str, Any] = {"MetricName": metric} if metric else {}
    if dimensions:
        asked["Dimensions"] = [{"Name": name} for name in dimensions]
    for page in place.pages("cloudwatch", "list_metrics", Namespace=namespace, **asked):
        for found in page.get("Metrics") or ():
            yield dimensions_of(found)


def dimensions_of(metric: Mapping[str, Any]) -> dict[str, str]:
    """The dimensions of a metric as CloudWatch gives it, by name."""
    return {str(given.get("Name", "")): str(given.get("Value", "")) for given in metric.get("Dimensions") or ()}
