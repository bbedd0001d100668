"""What is read of an account in one go, apart from functions, roles and policies: a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, Union

from rolecall.live.calls import CallFailed, Unread
from rolecall.live.place import Place
from rolecall.model import Alarm, Document, EventRule, Inventory, Invoker, Trail
from rolecall.unknown import Text, Unknown

Item = TypeVar("Item")


@dataclass(frozen=True)
class EdgeAssociation:
    """A version of a function that CloudFront runs. function: the function's ARN, without the version.

    role: the ARN of the version's role, which stays when the function gets another one.
    """

    function: str
    version: str
    role: Text


@dataclass(frozen=True)
class Named:
    """Something of which a name is all that matters.

    part: that gives it. region: where it is. qualifier: of a function, its alias or version.
    """

    part: str
    region: str
    name: str
    qualifier: Text = ""


@dataclass(frozen=True)
class UnreadOf:
    """What could not be read of one function. kind: of invokers. function: its key.

    why: an ``Unread`` unless that stands somewhere else already.
    """

    kind: str
    function: str
    why: Unknown


@dataclass(frozen=True)
class NoneOf:
    """That a function has no invoker of a kind. function: its key. said: what that rests on, a sentence."""

    kind: str
    function: str
    said: str


@dataclass(frozen=True)
class ControlPolicies:
    """The service control policies of one level of the organization. level: 0 is the root, the account the last."""

    level: int
    documents: tuple[Document, ...]


Found = Union[Invoker, Alarm, EventRule, Trail, EdgeAssociation, ControlPolicies, Named, Unknown]
FoundLate = Union[Invoker, UnreadOf, NoneOf, Unread]


@dataclass(frozen=True)
class Part:
    """name: the kind of the invokers that it finds, or what else it is. actions: the IAM actions that it takes.

    read: finds it in a region; an ``Unread`` among what it gives stands for something that could not be read, any other
        ``Unknown`` for something of which AWS does not tell. It may raise ``CallFailed`` when nothing more can be read.
    regional: whether it is to be read in every region; else once for the account.
    abroad: whether what is found in one region may call functions of another.
    """

    name: str
    read: Callable[[Place], Iterable[Found]]
    actions: tuple[str, ...]
    regional: bool = True
    abroad: bool = False


@dataclass(frozen=True)
class LatePart:
    """A part that is read when functions, their policies and all other parts are known.

    read: is given what is known of the account, and what the late parts before it found. name, actions, regional: as
    those of ``Part``.
    """

    name: str
    read: Callable[[Place, Inventory], Iterable[FoundLate]]
    actions: tuple[str, ...]
    regional: bool = True


def read_part(part: Part | LatePart, read: Callable[[], Iterable[Item]]) -> list[Item | Unread]:
    """What a part finds, an ``Unread`` among it where it was not read to its end. read: does it."""
    found: list[Item | Unread] = []
    try:
        found.extend(read())
    except CallFailed as failure:
        found.append(failure.unread)
    except (AttributeError, KeyError, TypeError) as fault:  # what is always there was not
        found.append(Unread(f"an answer to one of {', '.join(part.actions)} was not as documented ({fault!r})"))
    return found


def lacking(found: Iterable[object], region: str) -> Unknown | None:
    """Why a part was not read to its end in a region; ``None``: it was."""
    unknown = [item for item in found if isinstance(item, Unknown)]
    reasons = dict.fromkeys(item.reason for item in unknown)
    kind = Unread if any(isinstance(item, Unread) for item in unknown) else Unknown
    return kind(f"{'; '.join(reasons)} in {region}") if reasons else None
