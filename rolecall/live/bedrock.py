"""Amazon Bedrock: agents that call functions.

Sources: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgents.html (1000 a page),
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgentActionGroups.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/deploy-agent.html (versions and aliases)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_SERVICE = "bedrock-agent"
_DRAFT = "DRAFT"
_PAGE = 1000
_ACTIONS = (
    "bedrock:ListAgents", "bedrock:GetAgent", "bedrock:ListAgentAliases", "bedrock:GetAgentVersion",
    "bedrock:ListAgentActionGroups", "bedrock:GetAgentActionGroup",
)  # fmt: skip


@dataclass(frozen=True)
class _Version:
    """A version of an agent, or its draft. id, name: the agent's."""

    id: str
    name: str
    version: str

    @property
    def asked(self) -> dict[str, str]:
        return {"agentId": self.id, "agentVersion": self.version}

    def calls(self, place: Place, function: str | None) -> Iterator[Invoker]:
        """The agent as the invoker of a function, if there is one."""
        if function:
            arn = place.arn("bedrock", f"agent/{self.id}")
            yield Invoker(
                kind="bedrock_agent",
                resource=place.resource("AWS::Bedrock::Agent", arn, self.name),
                what=f"The agent {self.name}",
                function=function,
                source_arn=arn,
            )


@dataclass(frozen=True)
class _ActionGroup:
    of: _Version
    id: str


def agents(place: Place) -> Iterator[Any]:
    """The functions of all agents: of their drafts, and of the versions that aliases run; others nobody can invoke.

    One listing of aliases for each agent that has versions; for each version that is read two calls, and one for each
    action group that is on.
    """
    pages = place.pages(_SERVICE, "list_agents", page_size=_PAGE)
    listed = (summary for page in pages for summary in page.get("agentSummaries") or ())
    versions = place.each(lambda summary: _versions(place, summary), listed)
    parts: Iterator[Any] = place.each(lambda version: _parts(place, version), versions)
    return place.each(lambda part: _functions(place, part), parts)


def _versions(place: Place, summary: dict[str, Any]) -> Iterator[_Version]:
    agent, latest = summary["agentId"], summary.get("latestAgentVersion")
    name = summary.get("agentName") or agent
    yield _Version(agent, name, _DRAFT)
    if latest == _DRAFT:  # it has no other
        return
    run: dict[str, None] = {}
    for page in place.pages(_SERVICE, "list_agent_aliases", page_size=_PAGE, agentId=agent):
        for alias in page.get("agentAliasSummaries") or ():
            run |= {route.get("agentVersion"): None for route in alias.get("routingConfiguration") or ()}
    yield from (_Version(agent, name, version) for version in run if version and version != _DRAFT)


def _parts(place: Place, version: _Version) -> Iterator[_ActionGroup | Invoker]:
    """The action groups of a version that are on, and its functions that parse the model's answers or orchestrate."""
    for page in place.pages(_SERVICE, "list_agent_action_groups", page_size=_PAGE, **version.asked):
        for summary in page.get("actionGroupSummaries") or ():
            if summary.get("actionGroupState") != "DISABLED":
                yield _ActionGroup(version, summary["actionGroupId"])
    if version.version == _DRAFT:
        told = place.call(_SERVICE, "get_agent", agentId=version.id).get("agent") or {}
    else:
        told = place.call(_SERVICE, "get_agent_version", **version.asked).get("agentVersion") or {}
    yield from version.calls(place, (told.get("promptOverrideConfiguration") or {}).get("overrideLambda"))
    yield from version.calls(place, ((told.get("customOrchestration") or {}).get("executor") or {}).get("lambda"))


def _functions(place: Place, part: _ActionGroup | Invoker) -> Iterator[Invoker]:
    if isinstance(part, Invoker):
        yield part
        return
    told = place.call(_SERVICE, "get_agent_action_group", actionGroupId=part.id, **part.of.asked)
    executor = (told.get("agentActionGroup") or {}).get("actionGroupExecutor") or {}
    yield from part.of.calls(place, executor.get("lambda"))


PARTS = (Part("bedrock_agent", agents, _ACTIONS),)
