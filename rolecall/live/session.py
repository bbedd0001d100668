"""Whose account is scanned: credentials, account, regions.

Sources: https://docs.aws.amazon.com/boto3/latest/guide/credentials.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, UnknownRegionError

from rolecall.live.scan import Account

ALL = "all"


class SessionError(Exception):
    """No way into the account: one line that says why."""


def session_for(profile: str | None, role_arn: str | None, external_id: str | None) -> Any:
    """A ``boto3.Session`` of a profile (the default one where none is named), or of a role that it assumes for an hour.

    Raises ``SessionError``.
    """
    try:
        base = boto3.Session(profile_name=profile)
        if not role_arn:
            return base
        more = {"ExternalId": external_id} if external_id else {}
        sts = base.client("sts", region_name=base.region_name or "us-east-1")
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName="rolecall", **more)["Credentials"]
    except (BotoCoreError, ClientError) as fault:
        raise SessionError(str(fault)) from None
    return boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=base.region_name
    )


def account_of(session: Any, region: str | None) -> Account:
    """The account of a session's credentials. region: where to ask. Raises ``SessionError``."""
    place = region or session.region_name or "us-east-1"
    try:
        identity = session.client("sts", region_name=place).get_caller_identity()
    except (BotoCoreError, ClientError, ValueError) as fault:
        raise SessionError(str(fault)) from None
    return Account(identity["Account"], identity["Arn"].split(":")[1], place)


def regions_of(session: Any, account: Account, wanted: Sequence[str]) -> list[str]:
    """The regions to scan. wanted: names, or ``all`` for those that the account has enabled; none: the session's own.

    Raises ``SessionError``, also for a name that is no region of the partition.
    """
    if ALL in wanted:
        try:
            described = session.client("ec2", region_name=account.region).describe_regions()
        except (BotoCoreError, ClientError) as fault:
            raise SessionError(f"which regions are enabled is not known, name them with --region: {fault}") from None
        return sorted(region["RegionName"] for region in described["Regions"])
    if not wanted and not session.region_name:
        raise SessionError("no region: name one with --region, or `--region all`")
    regions = list(dict.fromkeys(wanted)) or [session.region_name]
    for region in regions:
        if _partition_of(session, region) != account.partition:
            raise SessionError(f"{region} is no region of the partition {account.partition}")
    return regions


def _partition_of(session: Any, region: str) -> str:
    """Also of regions that are newer than boto3, by how they are named; empty for what is none."""
    try:
        return str(session.get_partition_for_region(region))
    except UnknownRegionError:
        return ""
