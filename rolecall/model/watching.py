"""What watches functions and the account: alarms, event rules, trails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional, Union

from rolecall.model.resource import Document, Resource
from rolecall.unknown import Text, Tri, Unknown


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch. dimensions: by name; none: the metric of all resources together."""

    namespace: Text
    name: Text
    dimensions: Union[Mapping[str, Text], Unknown]

    @property
    def of_other_service(self) -> bool:
        """Whether it certainly is none of Lambda's."""
        return isinstance(self.namespace, str) and self.namespace != "AWS/Lambda"

    def dimension(self, name: str) -> Optional[Text]:
        """The value of a dimension; ``None`` when it has none of the name."""
        return self.dimensions if isinstance(self.dimensions, Unknown) else self.dimensions.get(name)


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm on metrics, or what may make one.

    metrics: those it watches, by themselves or in an expression; ``Unknown`` stands for one that cannot be told.
    made: whether it is made.
    """

    resource: Resource
    metrics: tuple[Union[Metric, Unknown], ...]
    made: Tri = True


@dataclass(frozen=True)
class EventRule:
    """A rule of EventBridge. bus: name of its event bus. state: ``ENABLED`` ... as in EventBridge's API.

    pattern: ``None`` for one that only has a schedule. targets: their ARNs. made: whether it is made.
    """

    resource: Resource
    bus: Text
    state: Text
    pattern: Optional[Document]
    targets: Union[tuple[Text, ...], Unknown]
    made: Tri = True


@dataclass(frozen=True)
class Trail:
    """A trail of CloudTrail. everywhere: whether it is for all regions.

    writes: whether it is on and records the management events that change something, those of IAM among them.
    """

    resource: Resource
    everywhere: Tri
    writes: Tri
