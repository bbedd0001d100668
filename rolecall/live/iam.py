"""AWS IAM: the roles of the account, and whether the role that a function names is one of them.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names are unique whatever the case).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from rolecall.arn import parse_arn, role_name
from rolecall.live.calls import Aws, CallFailed, Unread
from rolecall.model import Document, Resource, Role, RoleReference
from rolecall.unknown import Unknown


@dataclass(frozen=True)
class RoleListing:
    """Roles by ARN, and by name without case; ``failure`` when the listing was not read to its end."""

    by_arn: Mapping[str, Role]
    by_name: Mapping[str, Role]
    failure: CallFailed | None = None


def list_roles(aws: Aws, region: str) -> RoleListing:
    """All roles with their trust policies: up to 1000 a page, whatever number of roles the functions use.

    region: any region of the partition; IAM has one endpoint for all.
    """
    roles: dict[str, Role] = {}
    failure = None
    try:
        for page in aws.pages("iam", region, "get_account_authorization_details", page_size=1000, Filter=["Role"]):
            for detail in page.get("RoleDetailList", ()):
                roles[detail["Arn"]] = _role(detail)
    except CallFailed as error:
        failure = error
    return RoleListing(roles, {role.label.lower(): role for role in roles.values()}, failure)


def lookup_fault(arn: str, account: str) -> str:
    """Why a role ARN is not looked up in this account; empty when it is."""
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
        return f"{arn or 'the empty text'} is not the ARN of a role"
    return "" if parsed.account == account else f"{arn} belongs to another account"


def confirm(aws: Aws, region: str, arn: str, listing: RoleListing) -> RoleReference:
    """Resolve a role ARN that the listing does not have: listings lag and may fail, so GetRole has the last word.

    When the listing was denied, every role comes here: one call per distinct role instead of pages, but an answer.
    """
    name = role_name(arn)
    listed = listing.by_name.get(name.lower())
    try:
        role = _role(aws.call("iam", region, "get_role", RoleName=name)["Role"])
    except CallFailed as failure:
        if failure.code != "NoSuchEntity":
            reasons = [f.reason for f in (listing.failure, failure) if f]
            return RoleReference(arn, Unread("; ".join(reasons)))
        if listed and listed.label != name:
            return RoleReference(arn, _other_case(name, listed))
        return RoleReference(arn, None, _elsewhere(listed) if listed else "IAM has no role of this name (GetRole)")
    if role.resource.arn == arn:
        return RoleReference(arn, role, "found by GetRole")
    if role.label != name:
        return RoleReference(arn, _other_case(name, role))
    return RoleReference(arn, None, _elsewhere(role))


def _elsewhere(role: Role) -> str:
    return (
        f"names are unique in an account whatever the path: the role was deleted and made again as {role.resource.arn}"
    )


def _other_case(name: str, role: Role) -> Unknown:
    return Unknown(f"the account has a role {role.label}, and whether it answers to {name} is not documented")


def _role(detail: Mapping[str, Any]) -> Role:
    arn = detail["Arn"]
    parsed = parse_arn(arn)
    return Role(
        Resource(
            framework="live",
            type="AWS::IAM::Role",
            address=arn,
            name=detail["RoleName"],
            arn=arn,
            account=parsed.account if parsed else Unknown(f"{arn} is not an ARN"),
            region="",
            key=arn,
        ),
        trust_policy=_document(detail.get("AssumeRolePolicyDocument")),
    )


def _document(policy: object) -> Document:
    """A policy as a dictionary. IAM sends URL-encoded JSON, which boto3 decodes unless it fails to."""
    if isinstance(policy, str):
        try:
            policy = json.loads(unquote(policy))
        except ValueError:
            return Unread("not JSON")
    return policy if isinstance(policy, dict) else Unread("not a JSON object")
