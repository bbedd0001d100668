"""AWS AppSync: data sources that are functions, and APIs that a function authorizes the callers of.

Sources: https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListGraphqlApis.html (25 a page),
https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListApis.html,
https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListDataSources.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rolecall.iac.role_calls import data_source
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

_APIS = ("appsync:ListGraphqlApis", "appsync:ListApis")
_PAGE = 25


@dataclass(frozen=True)
class _Api:
    """A GraphQL or an Event API. providers: what says who may call it, objects that may have a Lambda authorizer."""

    type: str
    id: str
    arn: str
    name: str
    providers: tuple[dict[str, Any], ...]


def _apis(place: Place) -> Iterator[_Api]:
    """The account's own APIs; those that others share with it are listed as well."""
    return (api for api in _listed(place) if f":{place.account}:" in api.arn)


def _listed(place: Place) -> Iterator[_Api]:
    for page in place.pages("appsync", "list_graphql_apis", page_size=_PAGE):
        for api in page.get("graphqlApis") or ():
            others = api.get("additionalAuthenticationProviders") or ()
            yield _Api(
                "AWS::AppSync::GraphQLApi", api["apiId"], api["arn"], api.get("name") or api["apiId"], (api, *others)
            )
    for page in place.pages("appsync", "list_apis", page_size=_PAGE):
        for api in page.get("apis") or ():
            providers = (api.get("eventConfig") or {}).get("authProviders") or ()
            yield _Api(
                "AWS::AppSync::Api", api["apiId"], api["apiArn"], api.get("name") or api["apiId"], tuple(providers)
            )


def authorizers(place: Place) -> Iterator[Invoker]:
    """The Lambda authorizers of all APIs, which come with the listings."""
    for api in _apis(place):
        for provider in api.providers:
            uri = (provider.get("lambdaAuthorizerConfig") or {}).get("authorizerUri")
            if uri:
                yield Invoker(
                    kind="appsync_authorizer",
                    resource=place.resource(api.type, api.arn, api.name),
                    what=f"The AppSync API {api.name}",
                    function=uri,
                    source_arn=api.arn,
                )


def data_sources(place: Place) -> Iterator[Any]:
    """The data sources of all APIs that are functions: pages for each API."""
    return place.each(lambda api: _data_sources(place, api), _apis(place))


def _data_sources(place: Place, api: _Api) -> Iterator[Invoker]:
    for page in place.pages("appsync", "list_data_sources", page_size=_PAGE, apiId=api.id):
        for told in page.get("dataSources") or ():
            name = told.get("name") or "without a name"
            arn = told.get("dataSourceArn") or f"{api.arn}/datasources/{name}"
            resource = place.resource("AWS::AppSync::DataSource", arn, name)
            for call in data_source(properties(place, told)):
                yield call.invoker("appsync_data_source", f"The AppSync data source {name}", resource, api.arn)


# abroad: AWS nowhere says that the functions must be of the API's region
PARTS = (
    Part("appsync_authorizer", authorizers, _APIS, abroad=True),
    Part("appsync_data_source", data_sources, (*_APIS, "appsync:ListDataSources"), abroad=True),
)
