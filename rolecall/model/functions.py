"""Functions, and what Lambda reads and writes for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Optional, Union

from rolecall.model.resource import UNREAD, Document, Resource
from rolecall.model.roles import RoleReference
from rolecall.unknown import Text, Unknown


@dataclass(frozen=True)
class Destination:
    """Where Lambda sends what a function made, or what it failed on.

    purpose: for a reader ("dead-letter target", "on-failure destination").
    target: ARN of the queue, topic, function, bucket or event bus; ``kafka://...`` for a topic of the source's cluster.
    qualifier: alias or version whose invocations it is for; empty: those of the function itself.
    """

    purpose: str
    target: Text
    qualifier: Text = ""


@dataclass(frozen=True)
class FileSystem:
    """An EFS file system that a function mounts.

    access_point: its ARN. arn: of the file system. policies: its resource-based ones; none is AWS's default, which lets
        every client in.
    """

    access_point: Text
    arn: Text
    policies: Union[tuple[Document, ...], Unknown] = ()


@dataclass(frozen=True)
class Polling:
    """How Lambda gets on with a mapping, in the words of its API; empty where it says nothing.

    state: ``Enabled`` ... reason: of the last change of state. last_result: of the last poll.
    filter_fault: what is wrong with the filters.
    """

    state: str = ""
    reason: str = ""
    last_result: str = ""
    filter_fault: str = ""

    @property
    def by_user(self) -> bool:
        """Whether somebody changed the state; Lambda says it one way of queues and brokers, another way of streams."""
        return self.reason in ("USER_INITIATED", "User action")


@dataclass(frozen=True)
class EventSourceMapping:
    """A queue or stream that Lambda polls with the function's execution role.

    function: key of the function, ``Unknown`` when it is elsewhere or cannot be told.
    service: of the source, as in its ARN (``sqs``, ``kinesis``, ``dynamodb``, ``kafka``, ``mq``, ``rds`` for
        DocumentDB), or ``self-managed-kafka``.
    source: the source's ARN; ``None`` when it has none (self-managed Kafka).
    on_failure: where Lambda sends what could not be processed; ``None``: nowhere.
    redrive: whether the source queue itself moves what is not processed to a dead-letter queue.
    secrets: ARNs of the secrets that Lambda signs in with. in_vpc: whether it names subnets to reach the source from.
    key: ARN of the customer's KMS key of the source; ``None``: none, or in code not known.
    polling: in an account, how it goes.
    """

    resource: Resource
    function: Union[str, Unknown]
    service: Text
    source: Optional[Text] = None
    on_failure: Union[Destination, Unknown, None] = None
    redrive: Union[bool, Unknown] = UNREAD
    secrets: tuple[Text, ...] = ()
    in_vpc: Union[bool, Unknown] = False
    key: Optional[Text] = None
    polling: Optional[Polling] = None

    @property
    def switched_off(self) -> bool:
        """Whether somebody has switched it off, so that Lambda does not poll: known in an account only."""
        return self.polling is not None and self.polling.by_user and self.polling.state in ("Disabled", "Disabling")


@dataclass(frozen=True, eq=False)
class Function:
    """A Lambda function: a resource that uses a role (its execution role).

    in_vpc, snap_start, event_source_mappings, edge_association, tracing (mode Active): what makes Lambda itself use
        the execution role.
    log_group: name of the log group that it writes to. log_group_exists: whether there is one, or the code makes it.
    destinations: of asynchronous invocations, the dead-letter target among them. more_destinations: why it may have
        others.
    got_events: in an account the qualifiers (``""``: the function itself) at which asynchronous events reached it in
        the last two weeks; in code ``None``.
    silent: its author wants no logs of it, and says so.
    changed: in an account, when its code or configuration last changed. revision: the ID that Lambda gives it anew with
        each change, also of its policy. environment: whether it has environment variables. key: ARN of the customer's
        KMS key that encrypts them; ``None``: AWS's own.
    """

    service_principal: ClassVar[str] = "lambda.amazonaws.com"

    resource: Resource
    partition: Text
    role: RoleReference
    in_vpc: Union[bool, Unknown] = False
    snap_start: Union[bool, Unknown] = False
    event_source_mappings: Union[tuple[EventSourceMapping, ...], Unknown] = ()
    edge_association: Union[bool, Unknown] = False
    tracing: Union[bool, Unknown] = False
    log_group: Text = UNREAD
    log_group_exists: Union[bool, Unknown] = UNREAD
    destinations: Union[tuple[Destination, ...], Unknown] = ()
    more_destinations: Optional[Unknown] = None
    got_events: Union[tuple[Text, ...], Unknown, None] = None
    file_systems: Union[tuple[FileSystem, ...], Unknown] = ()
    silent: bool = False
    changed: Optional[datetime] = None
    revision: str = ""
    environment: bool = False
    key: Optional[str] = None

    @property
    def label(self) -> str:
        return self.resource.label


@dataclass(frozen=True)
class Target:
    """A queue, topic, event bus or bucket that messages can be sent to, a secret, or a key that encrypts them.

    policies: its resource-based policies; none is what AWS gives it by default.
    key: ARN of the customer's KMS key that encrypts it; ``None``: none, or in code not known.
    exists: whether it is there: an account may name what was deleted.
    """

    resource: Resource
    policies: Union[tuple[Document, ...], Unknown] = ()
    key: Optional[Text] = None
    exists: bool = True
