"""AWS CodeCommit: repositories whose triggers go to a function.

Sources: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListRepositories.html,
https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetRepositoryTriggers.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_ACTIONS = ("codecommit:ListRepositories", "codecommit:GetRepositoryTriggers")


def triggers(place: Place) -> Iterator[Any]:
    """The triggers of all repositories that go to functions: one call for each repository."""
    pages = place.pages("codecommit", "list_repositories")
    names = (repository["repositoryName"] for page in pages for repository in page.get("repositories") or ())
    return place.each(lambda name: _functions(place, name), names)


def _functions(place: Place, name: str) -> Iterator[Invoker]:
    arn = place.arn("codecommit", name)
    told = place.call("codecommit", "get_repository_triggers", repositoryName=name)
    for trigger in told.get("triggers") or ():
        destination = trigger.get("destinationArn") or ""
        if ":lambda:" in destination:  # others go to topics
            yield Invoker(
                kind="codecommit_trigger",
                resource=place.resource("AWS::CodeCommit::Repository", arn, name),
                what=f"The repository {name}",
                function=destination,
                source_arn=arn,
            )


PARTS = (Part("codecommit_trigger", triggers, _ACTIONS),)
