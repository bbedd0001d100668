"""Amazon Connect: instances that functions are associated with.

Sources: https://docs.aws.amazon.com/connect/latest/APIReference/API_ListInstances.html (10 a page),
https://docs.aws.amazon.com/connect/latest/APIReference/API_ListLambdaFunctions.html (25 a page)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_ACTIONS = ("connect:ListInstances", "connect:ListLambdaFunctions")


def instances(place: Place) -> Iterator[Any]:
    """The functions that flows of an instance can choose: pages for each instance."""
    pages = place.pages("connect", "list_instances", page_size=10)
    listed = (instance for page in pages for instance in page.get("InstanceSummaryList") or ())
    return place.each(lambda instance: _functions(place, instance), listed)


def _functions(place: Place, instance: dict[str, Any]) -> Iterator[Invoker]:
    own = instance["Id"]
    arn, name = instance.get("Arn") or place.arn("connect", f"instance/{own}"), instance.get("InstanceAlias") or own
    for page in place.pages("connect", "list_lambda_functions", page_size=25, InstanceId=own):
        for function in filter(None, page.get("LambdaFunctions") or ()):
            yield Invoker(
                kind="connect_instance",
                resource=place.resource("AWS::Connect::Instance", arn, name),
                what=f"The Connect instance {name}",
                function=function,
                source_arn=arn,
            )


PARTS = (Part("connect_instance", instances, _ACTIONS),)
