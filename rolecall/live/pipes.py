"""Amazon EventBridge Pipes: pipes whose target or enrichment is a function.

Sources: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_ListPipes.html (100 a page),
https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.role_calls import pipe
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

_ACTIONS = ("pipes:ListPipes", "pipes:DescribePipe")


def pipes(place: Place) -> Iterator[Any]:
    """The pipes that call functions: one call for each, since the listing has what they call and not the role."""
    pages = place.pages("pipes", "list_pipes", page_size=100)
    listed = (summary for page in pages for summary in page.get("Pipes") or ())
    calling = (summary for summary in listed if _calls_function(summary))
    return place.each(lambda summary: _calls(place, summary), calling)


def _calls_function(summary: dict[str, Any]) -> bool:
    return any(":lambda:" in (summary.get(part) or "") for part in ("Target", "Enrichment"))


def _calls(place: Place, summary: dict[str, Any]) -> Iterator[Invoker]:
    name = summary["Name"]
    told = place.call("pipes", "describe_pipe", Name=name)
    resource = place.resource("AWS::Pipes::Pipe", summary.get("Arn") or place.arn("pipes", f"pipe/{name}"), name)
    for call in pipe(properties(place, told)):
        yield call.invoker("eventbridge_pipe", f"The pipe {name}", resource, resource.arn)


PARTS = (Part("eventbridge_pipe", pipes, _ACTIONS),)
