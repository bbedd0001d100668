"""Amazon EventBridge Scheduler: schedules whose target is a function.

Sources: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html (100 a page, of all groups),
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.role_calls import schedule
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

_ACTIONS = ("scheduler:ListSchedules", "scheduler:GetSchedule")


def schedules(place: Place) -> Iterator[Any]:
    """The schedules that call functions: one call for each, since the listing has their target and not the role."""
    pages = place.pages("scheduler", "list_schedules", page_size=100)
    listed = (summary for page in pages for summary in page.get("Schedules") or ())
    calling = (summary for summary in listed if _of_lambda((summary.get("Target") or {}).get("Arn")))
    return place.each(lambda summary: _targets(place, summary), calling)


def _of_lambda(target: str | None) -> bool:
    """Whether a target is a function, or the universal target that calls Lambda's API."""
    return ":lambda:" in (target or "")


def _targets(place: Place, summary: dict[str, Any]) -> Iterator[Invoker]:
    """The target, with what a schedule presents: the ARN of its group.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    name, group = summary["Name"], summary.get("GroupName") or "default"
    told = place.call("scheduler", "get_schedule", Name=name, GroupName=group)
    arn = summary.get("Arn") or place.arn("scheduler", f"schedule/{group}/{name}")
    resource = place.resource("AWS::Scheduler::Schedule", arn, name)
    source_arn = place.arn("scheduler", f"schedule-group/{group}")
    for call in schedule(properties(place, told)):
        yield call.invoker("eventbridge_scheduler", f"The schedule {name}", resource, source_arn)


PARTS = (Part("eventbridge_scheduler", schedules, _ACTIONS),)
