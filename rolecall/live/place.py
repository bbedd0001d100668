"""One region of the account that is read: what every reader of a service is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar, Union

from rolecall.live.calls import Aws, CallFailed, Unread
from rolecall.model import Resource

_WORKERS = 8  # for the things of one kind in one region; other kinds and regions are read beside them
Item = TypeVar("Item")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Place:
    """account, partition: those of the credentials. region: where calls go, and where what they tell of is."""

    aws: Aws
    account: str
    partition: str
    region: str

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """One call, its response. Raises ``CallFailed``."""
        return self.aws.call(service, self.region, operation, **parameters)

    def pages(
        self, service: str, operation: str, page_size: int | None = None, next_by: str = "", **parameters: Any
    ) -> Iterator[dict[str, Any]]:
        """All pages of a listing; see ``Aws.pages``. Raises ``CallFailed``, possibly after some pages."""
        return self.aws.pages(service, self.region, operation, page_size, next_by, **parameters)

    def each(
        self, work: Callable[[Item], Iterable[Found]], items: Iterable[Union[Item, Unread]]
    ) -> Iterator[Union[Found, Unread]]:
        """What ``work`` finds for each item, several at a time; for an item whose call fails, what was not read.

        An item that was deleted since it was listed is not there. Where the items come from a listing that breaks off,
        what was found for those before is given first, and then ``CallFailed`` raised. What was not read among the
        items is passed on.
        """

        def done(item: Union[Item, Unread]) -> list[Union[Found, Unread]]:
            if isinstance(item, Unread):
                return [item]
            found: list[Union[Found, Unread]] = []
            try:
                found.extend(work(item))
            except CallFailed as failure:
                if not failure.gone:
                    found.append(failure.unread)
            return found

        begun: list[Future[list[Union[Found, Unread]]]] = []
        broken = None
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="rolecall") as pool:
            try:
                begun.extend(pool.submit(done, item) for item in items)
            except CallFailed as failure:
                broken = failure
            for found in begun:
                yield from found.result()
        if broken:
            raise broken

    def resource(self, type: str, arn: str, name: str) -> Resource:
        """A resource of this region, for findings. type: CloudFormation's, ``AWS::SNS::Topic``."""
        return Resource(
            framework="live",
            type=type,
            address=arn,
            name=name,
            arn=arn,
            account=self.account,
            region=self.region,
            key=arn,
        )

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def in_region(self, region: str) -> Place:
        return replace(self, region=region)


def account_resource(account: str, partition: str, region: str) -> Resource:
    """The account itself, for findings. region: where they are said to be."""
    arn = f"arn:{partition}:iam::{account}:root"
    return Resource(
        framework="live",
        type="AWS::::Account",
        address=arn,
        name=account,
        arn=arn,
        account=account,
        region=region,
        key=arn,
    )
