"""What is read of an account in one go, apart from functions, roles and policies: a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Union

from rolecall.live.calls import Unread
from rolecall.live.place import Place
from rolecall.model import Alarm, Document, EventRule, Invoker, Trail


@dataclass(frozen=True)
class ControlPolicies:
    """The service control policies of one level of the organization. level: 0 is the root, the account the last."""

    level: int
    documents: tuple[Document, ...]


Found = Union[Invoker, Alarm, EventRule, Trail, ControlPolicies, Unread]


@dataclass(frozen=True)
class Part:
    """name: the kind of the invokers that it finds, or what else it is. actions: the IAM actions that it takes.

    read: finds it in a region; an ``Unread`` among what it gives stands for something that could not be read. It may
        raise ``CallFailed`` when nothing more can be.
    regional: whether it is to be read in every region; else once for the account.
    abroad: whether what is found in one region may call functions of another.
    """

    name: str
    read: Callable[[Place], Iterable[Found]]
    actions: tuple[str, ...]
    regional: bool = True
    abroad: bool = False
