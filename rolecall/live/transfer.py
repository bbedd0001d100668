"""AWS Transfer Family: servers whose identity provider is a function.

Sources: https://docs.aws.amazon.com/transfer/latest/APIReference/API_ListServers.html (1000 a page),
https://docs.aws.amazon.com/transfer/latest/APIReference/API_DescribeServer.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_ACTIONS = ("transfer:ListServers", "transfer:DescribeServer")


def servers(place: Place) -> Iterator[Any]:
    """The functions that know a server's users: one call for each server that the listing says has one."""
    pages = place.pages("transfer", "list_servers", page_size=1000)
    listed = (server for page in pages for server in page.get("Servers") or ())
    asking = (server for server in listed if server.get("IdentityProviderType") == "AWS_LAMBDA")
    return place.each(lambda server: _identity_provider(place, server), asking)


def _identity_provider(place: Place, server: dict[str, Any]) -> Iterator[Invoker]:
    name = server["ServerId"]
    arn = server.get("Arn") or place.arn("transfer", f"server/{name}")
    told = place.call("transfer", "describe_server", ServerId=name).get("Server") or {}
    function = (told.get("IdentityProviderDetails") or {}).get("Function")
    if function:
        yield Invoker(
            kind="transfer_server",
            resource=place.resource("AWS::Transfer::Server", arn, name),
            what=f"The Transfer Family server {name}",
            function=function,
            source_arn=arn,
        )


PARTS = (Part("transfer_server", servers, _ACTIONS),)
