"""Values that the code or the API did not reveal, and text that is known only in part.

Everything in Rolecall is three-valued: ``True``, ``False``, or ``None`` for "cannot be known" (type ``Tri``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional, TypeVar, Union

Tri = Optional[bool]
Item = TypeVar("Item")
_DEEPEST = 40  # how far into a document values are looked for


@dataclass(frozen=True)
class Unknown:
    """A value that is not known, and why.

    reason: what is missing, in words for a reader ("variable role_arn has no value").
    symbol: names the value where the same one occurs in several places (this stack's account ID): two unknowns with
        the same symbol are the same value, whatever it turns out to be. Empty: equal to nothing. What stands before a
        ``|`` in it is not shown.
    """

    reason: str
    symbol: str = ""

    def __str__(self) -> str:
        return f"<{self.symbol.rpartition('|')[2] or self.reason}>"


@dataclass(frozen=True)
class Computed(Unknown):
    """A value that whoever deploys gives, or that an expression computes: it may turn out to be empty."""

    def __str__(self) -> str:
        return f"<{self.reason}>"


@dataclass(frozen=True)
class Following(Computed):
    """What may stand behind the ARN of a function: nothing, or a colon and a qualifier."""


@dataclass(frozen=True)
class Segment(Unknown):
    """A value that stands between two slashes: whatever it is, it has none in it."""


@dataclass(frozen=True)
class Identifier(Segment):
    """An ID or name that AWS makes: not empty, no colon in it, and under another symbol always another one."""


@dataclass(frozen=True)
class Field(Segment):
    """A value that stands between two colons of an ARN (partition, region, account): it has none in it."""


@dataclass(frozen=True)
class Given(Unknown):
    """A name, an ID or an ARN that a resource of this configuration gets when it is made.

    It is no pattern, and no other resource of the same kind has it. owner: identifies the resource.
    """

    owner: str = ""


@dataclass(frozen=True)
class PartlyKnown(Unknown):
    """Text of which some parts are known, for example an ARN whose account is not.

    parts: strings and plain ``Unknown`` in order; at least one is ``Unknown``, and no two strings stand side by side.
    """

    parts: tuple[Union[str, Unknown], ...] = ()

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


Text = Union[str, Unknown]


def text(*pieces: Text) -> Text:
    """Join pieces to one text: a ``str`` when all are known, else ``Unknown`` or ``PartlyKnown``."""
    for piece in pieces:
        if type(piece) is not str:
            break
    else:
        return "".join(pieces)  # type: ignore[arg-type]
    parts: list[Text] = []
    reasons: dict[str, None] = {}
    known = ""  # what stands behind the last unknown part
    for piece in pieces:
        if isinstance(piece, str):
            known += piece
            continue
        for part in parts_of(piece):
            if isinstance(part, str):
                known += part
                continue
            if known:
                parts.append(known)
                known = ""
            parts.append(part)
            reasons[part.reason] = None
    if not parts:
        return known
    if known:
        parts.append(known)
    return PartlyKnown("; ".join(reasons), "", tuple(parts)) if len(parts) > 1 else parts[0]


def parts_of(value: Text) -> tuple[Text, ...]:
    """The parts of a text: one for a ``str`` or a plain ``Unknown``."""
    return value.parts if isinstance(value, PartlyKnown) else (value,)


def replaced(value: Any, stand_in: Callable[[Unknown], Text], depth: int = 0) -> Any:
    """A policy document or a text with something else for values that are not known.

    stand_in: gives it for each such part; the part itself where it stays.
    """
    if isinstance(value, str) or depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        return {key: replaced(item, stand_in, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(item, stand_in, depth + 1) for item in value]
    if not isinstance(value, Unknown):
        return value
    parts = parts_of(value)
    put = [stand_in(part) if isinstance(part, Unknown) else part for part in parts]
    return text(*put) if any(new is not old for new, old in zip(put, parts, strict=True)) else value


def known(values: Union[tuple[Item, ...], Unknown]) -> tuple[Item, ...]:
    """The values that are known: none where it is not known which there are."""
    return () if isinstance(values, Unknown) else values


def same_as(value: Text) -> object:
    """A key that two texts share only if they are certainly the same; a value without a name shares it with none."""
    if isinstance(value, str):
        return value
    return tuple(
        part if isinstance(part, str) else ("", part.symbol) if part.symbol else object() for part in parts_of(value)
    )


def is_name(attribute: str) -> bool:
    """Whether an attribute of a resource is its name, ID or ARN, by the attribute's own name."""
    return attribute.lower().endswith(("arn", "id", "name"))


def named(value: Text) -> str:
    """A text for a reader: itself, or what is referred to where only that is known; empty when nothing is."""
    if isinstance(value, str):
        return value
    return value.symbol.rpartition("|")[2]


def all3(values: Iterable[Tri]) -> Tri:
    """Three-valued "and": False beats unknown, unknown beats True."""
    result: Tri = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any3(values: Iterable[Tri]) -> Tri:
    """Three-valued "or": True beats unknown, unknown beats False."""
    result: Tri = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def not3(value: Tri) -> Tri:
    """Three-valued "not"."""
    return None if value is None else not value
