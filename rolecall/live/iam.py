"""AWS IAM: the roles of the account, and whether the role that a function names is one of them.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names are unique whatever the case).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import unquote

from rolecall.arn import parse_arn, role_name
from rolecall.iam.managed import managed_document
from rolecall.live.calls import CallFailed, Unread
from rolecall.live.place import Place
from rolecall.model import Document, IdentityPolicy, Resource, Role, RoleReference
from rolecall.unknown import Unknown

# Where IAM is at home in a partition, and its events arrive.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
_HOMES = {
    "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-iso": "us-iso-east-1", "aws-iso-b": "us-isob-east-1",
    "aws-iso-f": "us-isof-south-1", "aws-eusc": "eusc-de-east-1",
}  # fmt: skip


def home(partition: str) -> str:
    return _HOMES.get(partition, "us-east-1")


@dataclass(frozen=True)
class RoleListing:
    """Roles by ARN, and by name without case; ``failure`` when the listing was not read to its end."""

    by_arn: Mapping[str, Role]
    by_name: Mapping[str, Role]
    failure: CallFailed | None = None


def list_roles(place: Place, *, policies: bool = False) -> RoleListing:
    """All roles with their trust policies: up to 1000 a page, whatever number of roles the functions use.

    policies: whether their identity policies are wanted too. place: any region; IAM has one endpoint for all.
    """
    details: list[Mapping[str, Any]] = []
    documents: dict[str, Document] = {}
    failure = None
    wanted = ["Role", "LocalManagedPolicy", "AWSManagedPolicy"] if policies else ["Role"]
    try:
        for page in place.pages("iam", "get_account_authorization_details", page_size=1000, Filter=wanted):
            details += page.get("RoleDetailList", ())
            documents |= {policy["Arn"]: _default_version(policy) for policy in page.get("Policies", ())}
    except CallFailed as error:
        failure = error
    lacking = failure.unread if failure else Unread("iam:GetAccountAuthorizationDetails did not give its document")
    roles = {}
    for detail in details:
        role = _role(detail)
        known = partial(_managed, documents, lacking)
        roles[role.resource.key] = _with_policies(role, detail, known) if policies else role
    return RoleListing(roles, {role.label.lower(): role for role in roles.values()}, failure)


def _default_version(policy: Mapping[str, Any]) -> Document:
    versions = policy.get("PolicyVersionList", ())
    return _document(next((version.get("Document") for version in versions if version.get("IsDefaultVersion")), None))


def _managed(documents: Mapping[str, Document], lacking: Unread, arn: str) -> Document:
    """The document of a managed policy: as the account lists it, else as it is published."""
    if arn in documents:
        return documents[arn]
    published = managed_document(arn)
    return published if isinstance(published, Mapping) else lacking


def _with_policies(role: Role, detail: Mapping[str, Any], managed: Callable[[str], Document]) -> Role:
    """The role with what it may do: its own policies, those that are attached, and its boundary."""
    own = [
        IdentityPolicy(f"inline policy {policy['PolicyName']}", _document(policy.get("PolicyDocument")))
        for policy in detail.get("RolePolicyList", ())
    ]
    attached = [
        IdentityPolicy(policy["PolicyArn"], managed(policy["PolicyArn"]))
        for policy in detail.get("AttachedManagedPolicies", ())
    ]
    boundary = (detail.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return replace(role, policies=(*own, *attached), boundary=managed(boundary) if boundary else None)


def lookup_fault(arn: str, account: str) -> str:
    """Why a role ARN is not looked up in this account; empty when it is."""
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
        return f"{arn or 'the empty text'} is not the ARN of a role"
    return "" if parsed.account == account else f"{arn} belongs to another account"


def confirm(place: Place, arn: str, listing: RoleListing) -> RoleReference:
    """Resolve a role ARN that the listing does not have: listings lag and may fail, so GetRole has the last word.

    When the listing was denied, every role comes here: one call per distinct role instead of pages, but an answer.
    """
    name = role_name(arn)
    listed = listing.by_name.get(name.lower())
    try:
        role = _role(place.call("iam", "get_role", RoleName=name)["Role"], listing.failure)
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


def _role(detail: Mapping[str, Any], failure: CallFailed | None = None) -> Role:
    """failure: why the listing does not have it, where it failed."""
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
        policies=failure.unread if failure else _NOT_LISTED,
        tags={tag["Key"]: tag["Value"] for tag in detail.get("Tags", ())},
        created=detail.get("CreateDate"),
    )


_NOT_LISTED = Unread("iam:GetAccountAuthorizationDetails did not list the role")


def _document(policy: object) -> Document:
    """A policy as a dictionary. IAM sends URL-encoded JSON, which boto3 decodes unless it fails to."""
    if isinstance(policy, str):
        try:
            policy = json.loads(unquote(policy))
        except ValueError:
            return Unread("not JSON")
    return policy if isinstance(policy, dict) else Unread("not a JSON object")
