"""AWS CodePipeline: pipelines with actions that invoke a function.

Sources: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelines.html (1000 a page),
https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipeline.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.role_calls import pipeline
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

_ACTIONS = ("codepipeline:ListPipelines", "codepipeline:GetPipeline")


def pipelines(place: Place) -> Iterator[Any]:
    """The Invoke actions of all pipelines: one call for each pipeline. Rules of a stage's conditions are not read."""
    pages = place.pages("codepipeline", "list_pipelines", page_size=1000)
    listed = (summary["name"] for page in pages for summary in page.get("pipelines") or ())
    return place.each(lambda name: _actions(place, name), listed)


def _actions(place: Place, name: str) -> Iterator[Invoker]:
    told = place.call("codepipeline", "get_pipeline", name=name).get("pipeline")
    resource = place.resource("AWS::CodePipeline::Pipeline", place.arn("codepipeline", name), name)
    for call in pipeline(properties(place, told)):
        yield call.invoker("codepipeline_action", f"The pipeline {name}", resource, resource.arn)


# an action may be for another region: https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
PARTS = (Part("codepipeline_action", pipelines, _ACTIONS, abroad=True),)
