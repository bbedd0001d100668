"""What services call with a role: ``rolecall.iac.role_calls`` reads AWS's answers, which name what templates name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rolecall.iac.role_calls import Properties, member
from rolecall.iac.state_machine import Task, function_arn
from rolecall.live.place import Place
from rolecall.unknown import Text


def properties(place: Place, told: Any, tasks: Sequence[Task] = ()) -> Properties:
    """A wiring as AWS tells of it. told: an object. tasks: of a state machine."""

    def arn(name: Text, region: Text | None) -> Text:
        return function_arn(name, (place.partition, region or place.region, place.account), {})

    return Properties(
        get=lambda name: member(told, name),
        arn=arn,
        tasks=lambda: [replace(task, function=arn(task.function, None)) for task in tasks],
    )
