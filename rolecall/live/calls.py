"""How AWS is called: clients, paging, threads, and what becomes of an error.

Retries: https://docs.aws.amazon.com/boto3/latest/guide/retries.html (mode ``adaptive`` slows down when throttled).
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, PaginationError
from botocore.parsers import ResponseParserError

from rolecall import __version__
from rolecall.live.actions import action_of
from rolecall.unknown import Unknown

WORKERS = 16
_INTERNAL_ERROR, _INTERNAL_ATTEMPTS = 500, 2
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are."""

_DENIED = frozenset(
    {
        "403",  # all that HEAD tells
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
# of a thing that does not exist, or does no longer
_GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "FileSystemNotFound",
        "NoSuchBucket",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "PipelineNotFoundException",
        "QueueDoesNotExist",
        "RepositoryDoesNotExistException",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "TargetGroupNotFound",
    }
)
_THROTTLED = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)


@dataclass(frozen=True)
class Unread(Unknown):
    """A value that the account would have told, had the call succeeded; the reason names the action."""


Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Problem:
    """A listing that was not read, or not to its end, so that resources are missing from the inventory.

    action: the IAM action, ``lambda:ListFunctions``. region: where. code: the error's code as AWS or botocore says it.
    reason: "lambda:ListFunctions was denied".
    """

    action: str
    region: str
    code: str
    reason: str

    @property
    def message(self) -> str:
        return f"{self.reason} in {self.region}"


class CallFailed(Exception):
    """A call that gave no answer, whatever the cause. The same fields as ``Problem``."""

    def __init__(self, action: str, region: str, code: str) -> None:
        super().__init__(action, region, code)
        self.action = action
        self.region = region
        self.code = code

    def __str__(self) -> str:
        return f"{self.reason} in {self.region}"

    @property
    def denied(self) -> bool:
        return self.code in _DENIED

    @property
    def gone(self) -> bool:
        """Whether what was asked for is not there: of something that was listed, that it was deleted since."""
        return self.code in _GONE

    @property
    def reason(self) -> str:
        """For a reader; always names the action."""
        if self.denied:
            return f"{self.action} was denied"
        if self.code in _THROTTLED:
            return f"{self.action} was throttled to the end ({self.code})"
        return f"{self.action} failed ({self.code})"

    @property
    def unread(self) -> Unread:
        """What the call should have told."""
        return Unread(self.reason)

    @property
    def problem(self) -> Problem:
        return Problem(self.action, self.region, self.code, self.reason)


class Aws:
    """The account's APIs, usable from several threads at once; one client per service and region.

    session: a ``boto3.Session``. progress: told of steps done by ``in_parallel``.
    ``calls`` counts the calls made by IAM action, pages each for themselves, retries not.
    """

    def __init__(self, session: Any, progress: Progress | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self._session = session
        self._progress = progress
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()  # sessions make clients, and counters count, one thread at a time
        self._config = Config(
            retries={"mode": "adaptive", "max_attempts": 10},
            user_agent_extra=f"rolecall/{__version__}",
            max_pool_connections=WORKERS,
            connect_timeout=10,
        )

    def call(self, service: str, region: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """One call (``operation`` as boto3 spells the method), its response. Raises ``CallFailed``."""
        for response in self._responses(service, region, operation, lambda c: [getattr(c, operation)(**parameters)]):
            return response
        return {}

    def pages(
        self,
        service: str,
        region: str,
        operation: str,
        page_size: int | None = None,
        next_by: str = "",
        **parameters: Any,
    ) -> Iterator[dict[str, Any]]:
        """All pages of a listing. Raises ``CallFailed``, possibly after some pages.

        next_by: name of what a page gives for the next one and the next call takes, where boto3 has no paginator.
        """
        paging = {"PageSize": page_size} if page_size else {}

        def ask(client: Any) -> Iterable[dict[str, Any]]:
            if next_by:
                return _by_token(getattr(client, operation), next_by, parameters)
            pages: Iterable[dict[str, Any]] = client.get_paginator(operation).paginate(
                PaginationConfig=paging, **parameters
            )
            return pages

        return self._responses(service, region, operation, ask)

    def in_parallel(self, what: str, work: Callable[[Item], Result], items: Iterable[Item]) -> dict[Item, Result]:
        """``work`` on every item, in threads; the results by item. Raises what ``work`` raises."""
        results: dict[Item, Result] = {}
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="rolecall") as pool:
            futures = {pool.submit(work, item): item for item in items}
            try:
                for future in as_completed(futures):
                    results[futures[future]] = future.result()
                    if self._progress:
                        self._progress(what, len(results), len(futures))
            except BaseException:  # an interrupt must not wait for thousands of calls that have not begun
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return results

    def _responses(
        self, service: str, region: str, operation: str, ask: Callable[[Any], Iterable[dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        action = action_of(service, operation)
        try:
            yield from ask(self._client(service, region))
        except EndpointConnectionError as error:
            if self._offered(service, region):
                raise CallFailed(action, region, type(error).__name__) from error
        except ClientError as error:
            raise CallFailed(action, region, error.response.get("Error", {}).get("Code") or "no error code") from error
        except (BotoCoreError, ResponseParserError, OSError, ValueError) as error:
            # ValueError is botocore's answer to an endpoint URL or region that cannot be; OSError a broken connection.
            raise CallFailed(action, region, type(error).__name__) from error

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                client = self._session.client(service, region_name=region, config=self._config)
                client.meta.events.register_first("before-call", self._count)
                client.meta.events.register_first("needs-retry", _give_up)
                self._clients[service, region] = client
            return self._clients[service, region]

    def _offered(self, service: str, region: str) -> bool:
        """Whether a service may be offered in a region: where it has no endpoint, the account has nothing of it.

        botocore's list may lack a region that is new: only where nothing answers either, there is none. It lists no
        region at all of some services.
        """
        partition = self._session.get_partition_for_region(region)
        listed = self._session.get_available_regions(service, partition)
        return not listed or region in listed

    def _count(self, model: Any, **_: Any) -> None:
        with self._lock:
            self.calls[action_of(model.service_model.service_name, xform_name(model.name))] += 1


def _give_up(response: Any, attempts: int, operation: Any, **_: Any) -> None:
    """Throttling is waited out; an internal error passes at once or not at all.

    Raises ``ClientError`` in place of a further attempt. Source of the event:
    https://docs.aws.amazon.com/boto3/latest/guide/events.html
    """
    if response is not None and response[0].status_code == _INTERNAL_ERROR and attempts >= _INTERNAL_ATTEMPTS:
        raise ClientError(response[1], operation.name)


def _by_token(ask: Callable[..., dict[str, Any]], name: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Raises ``PaginationError`` for a service that would go on for ever, as boto3's own paginators do."""
    given: dict[str, Any] = {}
    while True:
        page = ask(**parameters, **given)
        yield page
        token = page.get(name)
        if not token:
            return
        if token == given.get(name):
            raise PaginationError(message=f"the same {name} was given twice")
        given = {name: token}
