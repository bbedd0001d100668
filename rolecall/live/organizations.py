"""AWS Organizations: the service control policies that hold for the account.

Only the organization's management account, or one that it has delegated that to, may ask.
Sources: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html,
https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rolecall.live.calls import CallFailed
from rolecall.live.parts import ControlPolicies, Part
from rolecall.live.place import Place
from rolecall.model import Document
from rolecall.unknown import Unknown

_NOT_IN_USE = "AWSOrganizationsNotInUseException"
_DEEPEST = 10  # an organization has at most five levels of units


def control_policies(place: Place) -> Iterator[ControlPolicies]:
    """By level, the root first; nothing for an account that belongs to no organization.

    The management account itself is held by none:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    try:
        organization = place.call("organizations", "describe_organization").get("Organization", {})
    except CallFailed as failure:
        if failure.code == _NOT_IN_USE:
            return
        raise
    if organization.get("MasterAccountId") == place.account:
        return
    targets = [place.account]
    while len(targets) < _DEEPEST and not targets[0].startswith("r-"):
        pages = place.pages("organizations", "list_parents", ChildId=targets[0])
        parents = [parent["Id"] for page in pages for parent in page.get("Parents", ())]
        if not parents:
            break
        targets.insert(0, parents[0])
    for level, target in enumerate(targets):
        yield ControlPolicies(level, tuple(_document(place, policy) for policy in _attached(place, target)))


def _attached(place: Place, target: str) -> Iterator[dict[str, Any]]:
    for page in place.pages(
        "organizations", "list_policies_for_target", TargetId=target, Filter="SERVICE_CONTROL_POLICY"
    ):
        yield from page.get("Policies", ())


def _document(place: Place, policy: dict[str, Any]) -> Document:
    content = place.call("organizations", "describe_policy", PolicyId=policy["Id"]).get("Policy", {}).get("Content", "")
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else Unknown(f"{policy.get('Name')} is not a JSON object")


PARTS = (
    Part(
        "service_control_policies",
        control_policies,
        (
            "organizations:DescribeOrganization",
            "organizations:DescribePolicy",
            "organizations:ListParents",
            "organizations:ListPoliciesForTarget",
        ),
        regional=False,
    ),
)
