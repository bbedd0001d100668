"""What is read of an account in one go, apart from functions, roles and policies: a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Union

from rolecall.live.calls import Unread
from rolecall.live.place import Place
from rolecall.model import Alarm, EventRule, Invoker, Trail
from rolecall.unknown import Text


@dataclass(frozen=True)
class Named:
    """Something of which a name is all that matters.

    part: that gives it. region: where it is. qualifier: of a function, its alias or version.
    """

    part: str
    region: str
    name: str
    qualifier: Text = ""


Found = Union[Invoker, Alarm, EventRule, Trail, Named, Unread]


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
