"""AWS Lambda's event source mappings: the queues and streams that it polls for functions.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html (100 a page)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.arn import parse_arn, unqualified
from rolecall.live.calls import CallFailed
from rolecall.live.place import Place
from rolecall.model import Destination, EventSourceMapping, Polling, Resource
from rolecall.unknown import Unknown

Mappings = Mapping[str, tuple[EventSourceMapping, ...]] | Unknown


def list_event_source_mappings(place: Place) -> Mappings:
    """The mappings of each function of a region that has any, by unqualified function ARN."""
    found: dict[str, tuple[EventSourceMapping, ...]] = {}
    try:
        for page in place.pages("lambda", "list_event_source_mappings"):
            for mapping in page.get("EventSourceMappings", ()):
                function = unqualified(mapping.get("FunctionArn", ""))
                found[function] = (*found.get(function, ()), _mapping(function, mapping, place.region))
    except CallFailed as failure:
        return failure.unread
    return found


def _mapping(function: str, listed: Mapping[str, Any], region: str) -> EventSourceMapping:
    """A mapping as ListEventSourceMappings describes it. function: its unqualified ARN."""
    uuid, source = str(listed.get("UUID", "")), listed.get("EventSourceArn")
    parsed, of = parse_arn(source or ""), parse_arn(function)
    failure = ((listed.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    access = listed.get("SourceAccessConfigurations") or ()
    return EventSourceMapping(
        resource=Resource(
            framework="live",
            type="AWS::Lambda::EventSourceMapping",
            address=uuid,
            name=uuid,
            arn=str(listed.get("EventSourceMappingArn", uuid)),
            account=of.account if of else Unknown(f"{function} is not an ARN"),
            region=region,
            key=uuid,
        ),
        function=function,
        service=parsed.service if parsed else "self-managed-kafka",
        source=source,
        on_failure=Destination("on-failure destination", failure) if failure else None,
        secrets=tuple(given["URI"] for given in access if ":secretsmanager:" in (given.get("URI") or "")),
        polling=Polling(
            state=listed.get("State") or "",
            reason=listed.get("StateTransitionReason") or "",
            last_result=listed.get("LastProcessingResult") or "",
            filter_fault=(listed.get("FilterCriteriaError") or {}).get("Message") or "",
        ),
        in_vpc=any(given.get("Type") == "VPC_SUBNET" for given in access),
    )
