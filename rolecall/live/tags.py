"""The tags of functions, for a host that shows them and mutes by them: no rule needs them.

ListFunctions does not tell them and ListTags only those of one function; this is a page for each hundred functions.
Source: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html (a resource that
never had a tag is not listed)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rolecall.live.calls import Aws, CallFailed
from rolecall.live.place import Place
from rolecall.live.scan import Account

_PAGE = 100


@dataclass(frozen=True)
class Tags:
    """by_arn: the tags of each function that has any. unread: why some are missing, a line for each region.

    calls: how many were made, by IAM action.
    """

    by_arn: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)


def read_tags(session: Any, account: Account, regions: Collection[str]) -> Tags:
    """The tags of all functions of some regions. session: a ``boto3.Session``. Raises nothing for what AWS answers."""
    aws = Aws(session)
    read = partial(_of_region, aws, account)
    by_arn: dict[str, Mapping[str, str]] = {}
    unread = []
    for found, problem in aws.in_parallel("tags", read, sorted(regions)).values():
        by_arn |= found
        unread += [f"the tags of functions: {problem}"] if problem else []
    return Tags(by_arn, tuple(sorted(unread)), dict(aws.calls))


def _of_region(aws: Aws, account: Account, region: str) -> tuple[dict[str, Mapping[str, str]], str]:
    """With why the listing was not read to its end."""
    place = Place(aws, account.id, account.partition, region)
    found: dict[str, Mapping[str, str]] = {}
    try:
        for page in place.pages(
            "resourcegroupstaggingapi", "get_resources", _PAGE, ResourceTypeFilters=["lambda:function"]
        ):
            for tagged in page.get("ResourceTagMappingList") or ():
                found[str(tagged.get("ResourceARN"))] = {
                    str(tag["Key"]): str(tag.get("Value") or "") for tag in tagged.get("Tags") or () if tag.get("Key")
                }
    except CallFailed as failure:
        return found, str(failure)
    return found, ""
