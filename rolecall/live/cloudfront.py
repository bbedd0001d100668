"""Amazon CloudFront: the functions that it runs at the edge, and the distributions that call function URLs.

Both stand in what ListDistributions gives of each distribution, 100 a page.
Sources: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.arn import unqualified
from rolecall.iac.function_urls import origin_invoker
from rolecall.live import function_urls, lambda_
from rolecall.live.calls import CallFailed, Unread
from rolecall.live.needs import EDGE_ASSOCIATIONS
from rolecall.live.parts import EdgeAssociation, FoundLate, LatePart, Part, UnreadOf
from rolecall.live.place import Place
from rolecall.model import Inventory, Invoker
from rolecall.unknown import Unknown

_EDGE_REGION = "us-east-1"  # the only one from which CloudFront takes functions
_ORIGIN = "cloudfront_origin"
_NOT_TOLD = Unread("lambda:GetFunctionConfiguration did not tell it")
_URL_HOST = re.compile(r"[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.aws", re.ASCII)


@dataclass(frozen=True)
class _Origin:
    """An origin that is a function URL, of a distribution. control: ID of the origin access control."""

    distribution: str
    arn: str
    host: str
    region: str
    control: str


def edge_associations(place: Place) -> Iterator[EdgeAssociation | Unread]:
    """The versions of functions that are associated with a behaviour of some distribution: a call for each version."""
    if place.region != _EDGE_REGION:
        return
    versions = {
        str(association.get("LambdaFunctionARN"))
        for distribution in _distributions(place)
        for behavior in [distribution.get("DefaultCacheBehavior"), *_items(distribution.get("CacheBehaviors"))]
        for association in _items((behavior or {}).get("LambdaFunctionAssociations"))
    }
    yield from place.each(lambda version: _association(place, version), sorted(versions))


def _association(place: Place, arn: str) -> Iterator[EdgeAssociation]:
    """arn: that of a version."""
    configuration, version = lambda_.now(place, arn), arn.rpartition(":")[2]
    if configuration is not None:
        role = configuration if isinstance(configuration, Unread) else configuration.get("Role") or _NOT_TOLD
        yield EdgeAssociation(unqualified(arn), version, role)


def runs_at_edge(
    configuration: Mapping[str, Any], region: str, found: Iterable[EdgeAssociation], lacking: Unknown | None
) -> bool | Unknown:
    """Whether CloudFront runs a function with the role that it has. lacking: why ``found`` may not be all.

    configuration: the function's, as ListFunctions gives it: a copy at the edge names its original.
    """
    if configuration.get("MasterArn"):
        return True
    if region != _EDGE_REGION:
        return False
    own = [association for association in found if association.function == configuration["FunctionArn"]]
    for association in sorted(own, key=lambda association: association.version):
        if isinstance(association.role, Unknown):
            why = association.role.reason
            return Unknown(f"it runs version {association.version}, of which the role is not known: {why}")
        if association.role != configuration.get("Role"):
            return Unknown(f"it runs version {association.version}, which has another role, {association.role}")
    return True if own else lacking or False


def origins(place: Place, inventory: Inventory) -> Iterator[FoundLate]:
    """The distributions that sign their requests to the URL of a function that is known here.

    A URL does not tell its function. Those that ``function_urls`` has found are known; where another one is called in
    a region, the functions there are asked for theirs one after the other until it is found, a call for each.
    """
    if place.partition != "aws":  # China has no function URLs, the others have no CloudFront
        return
    found = [origin for distribution in _distributions(place) for origin in _signed(distribution)]
    if not found:
        return
    signing = _signing(place)
    if not isinstance(signing, Unread):
        found = [origin for origin in found if signing.get(origin.control)]
    urls = {function_urls.host(url): url for url in inventory.invokers if url.kind == function_urls.KIND}
    for region in sorted({origin.region for origin in found}):
        hosts = {origin.host for origin in found if origin.region == region} - urls.keys()
        for item in function_urls.search(place.in_region(region), inventory, hosts):
            if isinstance(item, Invoker):
                urls[function_urls.host(item)] = item
            elif isinstance(item, UnreadOf):
                yield UnreadOf(_ORIGIN, item.function, Unknown(item.why.reason))
            yield item
    for origin in found:
        url = urls.get(origin.host)
        called = inventory.called_by(url) if url else None
        if url and called and isinstance(signing, Unread):
            why = Unread(f"{signing.reason}, which tells whether distributions sign their requests to it")
            yield UnreadOf(_ORIGIN, called[0].resource.key, why)
        elif url:
            resource = place.resource("AWS::CloudFront::Distribution", origin.arn, origin.distribution)
            yield origin_invoker(resource, origin.distribution, url.function, origin.arn, url.auth_type)


def _distributions(place: Place) -> Iterator[Mapping[str, Any]]:
    for page in place.pages("cloudfront", "list_distributions"):
        yield from _items(page.get("DistributionList"))


def _signed(distribution: Mapping[str, Any]) -> Iterator[_Origin]:
    """The origins that are function URLs and have an origin access control, unless the distribution is off."""
    for origin in _items(distribution.get("Origins")) if distribution.get("Enabled") is not False else ():
        host, control = str(origin.get("DomainName")).lower(), origin.get("OriginAccessControlId")
        url = _URL_HOST.fullmatch(host)
        if url and control:
            yield _Origin(str(distribution.get("Id")), str(distribution.get("ARN")), host, url[1], control)


def _signing(place: Place) -> Mapping[str, bool] | Unread:
    """Whether each origin access control signs requests to functions."""
    try:
        return {
            str(control.get("Id")): control.get("OriginAccessControlOriginType") == "lambda"
            and control.get("SigningBehavior") != "never"
            for page in place.pages("cloudfront", "list_origin_access_controls")
            for control in _items(page.get("OriginAccessControlList"))
        }
    except CallFailed as failure:
        return failure.unread


def _items(listed: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What a list of CloudFront's holds: an object with ``Quantity`` and, unless that is 0, ``Items``."""
    return (listed or {}).get("Items") or []


PARTS = (
    Part(EDGE_ASSOCIATIONS, edge_associations, ("cloudfront:ListDistributions", "lambda:GetFunctionConfiguration")),
)
LATE_PARTS = (
    LatePart(
        _ORIGIN,
        origins,
        ("cloudfront:ListDistributions", "cloudfront:ListOriginAccessControls", "lambda:ListFunctionUrlConfigs"),
        regional=False,
    ),
)
